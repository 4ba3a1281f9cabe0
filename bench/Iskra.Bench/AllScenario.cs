using System.CommandLine;

namespace Iskra.Bench;

/// <summary><c>all</c>: every scenario on one machine in one run, as Markdown for bench/README.md.</summary>
internal static class AllScenario
{
    private static readonly Option<int> Seconds = new("--seconds") { DefaultValueFactory = _ => 60, Description = "of the open-loop runs" };
    private static readonly Option<long> Growth = new("--growth")
    {
        DefaultValueFactory = _ => 5_000_000,
        Description = "transfers of the growth run",
    };

    private static readonly Option<string?> Folder = new("--folder") { Description = "where the data goes; default: the temporary folder" };

    public static Command Create()
    {
        Command command = new("all", "Runs everything and prints Markdown.") { Seconds, Growth, Folder };
        command.SetAction(async (parse, _) =>
        {
            LedgerSettings settings = new()
            {
                Duration = TimeSpan.FromSeconds(parse.GetValue(Seconds)),
                Folder = parse.GetValue(Folder),
            };
            await RunAsync(settings, parse.GetValue(Growth));
        });
        return command;
    }

    private static async Task RunAsync(LedgerSettings settings, long growth)
    {
        TextWriter output = Console.Out;
        using (Workplace workplace = Workplace.Create(settings.Folder))
        {
            await using LedgerFixture fixture = await LedgerFixture.OpenAsync(workplace.Path, null);
            await output.WriteLineAsync($"{Machine.Describe(workplace.Path)}\n{fixture.Database.Description}");
        }

        await output.WriteLineAsync($"\n### Core alone\n\n{AllocationScenario.Run()}\n\n### SQLite in process\n\n{LoadResult.Header}");
        TimeSpan brief = settings.Duration / 3;
        LedgerSettings max = settings with { Rate = 0, Duration = brief };
        await LedgerAsync(settings, null);
        await LedgerAsync(settings with { Zipf = 0.99, Duration = brief }, null);
        await LedgerAsync(settings with { Batch = 1_000, Duration = brief }, null);
        await LedgerAsync(max, null);
        await LedgerAsync(max with { Batch = 1_000, Callers = 8 }, null);

        await using (BenchPostgres postgres = await BenchPostgres.StartAsync())
        {
            await output.WriteLineAsync($"\n### PostgreSQL\n\n{await postgres.DescribeAsync()}\n");
            (string table, double best) = await PgbenchScenario.MeasureTpcbAsync(postgres, seconds: 8);
            await output.WriteLineAsync($"{table}\n\n{LoadResult.Header}");
            LoadResult open = await LedgerAsync(settings with { Engine = "postgres", Rate = 30_000 }, postgres);
            LoadResult single = await LedgerAsync(max with { Engine = "postgres" }, postgres);
            await LedgerAsync(max with { Engine = "postgres", Batch = 1_000, Callers = 8 }, postgres);
            await output.WriteLineAsync(PgbenchScenario.Ratio(open, best) + PgbenchScenario.Ratio(single, best));
        }

        await output.WriteLineAsync($"\n### HTTP\n\n{LoadResult.Header}");
        LedgerSettings http = settings with { Duration = brief, Callers = 64 };
        await HttpAsync(http with { Rate = 5_000 });
        await HttpAsync(http with { Rate = 0, Callers = 128 });
        await HttpAsync(http with { Rate = 20_000, Batch = 500 });
        await HttpAsync(http with { Rate = 0, Batch = 1_000, Callers = 8 });

        LedgerSettings grow = settings with { Rate = 0, Batch = 1_000, Callers = 8 };
        await output.WriteLineAsync($"\n### Growth, SQLite, {growth:#,0} transfers\n\n{await GrowthScenario.RunAsync(grow, growth, null)}");
    }

    private static async Task<LoadResult> LedgerAsync(LedgerSettings settings, BenchPostgres? postgres)
    {
        LoadResult result = await LedgerScenario.RunAsync(settings, postgres);
        await Console.Out.WriteLineAsync(result.ToString());
        return result;
    }

    private static async Task HttpAsync(LedgerSettings settings) =>
        await Console.Out.WriteLineAsync((await HttpScenario.RunAsync(settings, null)).ToString());
}
