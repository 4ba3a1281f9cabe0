using System.CommandLine;
using System.Diagnostics;

namespace Iskra.Bench;

/// <summary><c>ledger</c>: the posting pipeline in process, durable, by a schedule or as fast as it goes.</summary>
internal static class LedgerScenario
{
    private static readonly Option<string> Engine = new("--engine")
    {
        DefaultValueFactory = _ => "sqlite",
        Description = "sqlite or postgres",
    };

    private static readonly Option<double> Rate = new("--rate")
    {
        DefaultValueFactory = _ => 50_000,
        Description = "transfers/s; 0 for max",
    };

    private static readonly Option<int> Seconds = new("--seconds") { DefaultValueFactory = _ => 60 };
    private static readonly Option<int> WarmUp = new("--warm-up") { DefaultValueFactory = _ => 4, Description = "seconds, not counted" };
    private static readonly Option<int> Accounts = new("--accounts") { DefaultValueFactory = _ => 100_000 };
    private static readonly Option<double> Zipf = new("--zipf") { Description = "exponent; 0 for uniform" };
    private static readonly Option<int> Batch = new("--batch") { DefaultValueFactory = _ => 1, Description = "transfers per request" };
    private static readonly Option<int> Callers = new("--callers") { DefaultValueFactory = _ => 1_000, Description = "of the max mode" };
    private static readonly Option<string?> Folder = new("--folder") { Description = "where the data goes; default: the temporary folder" };

    public static Command Create()
    {
        Engine.AcceptOnlyFromAmong("sqlite", "postgres");
        Command command = new("ledger", "Posts transfers in process: open loop at --rate, or max with --rate 0.")
        {
            Engine, Rate, Seconds, WarmUp, Accounts, Zipf, Batch, Callers, Folder,
        };
        command.SetAction(async (parse, _) =>
        {
            LedgerSettings settings = new()
            {
                Engine = parse.GetValue(Engine)!,
                Rate = parse.GetValue(Rate),
                Duration = TimeSpan.FromSeconds(parse.GetValue(Seconds)),
                WarmUp = TimeSpan.FromSeconds(parse.GetValue(WarmUp)),
                Accounts = parse.GetValue(Accounts),
                Zipf = parse.GetValue(Zipf),
                Batch = parse.GetValue(Batch),
                Callers = parse.GetValue(Callers),
                Folder = parse.GetValue(Folder),
            };
            await using BenchPostgres? postgres = settings.Engine == "postgres" ? await BenchPostgres.StartAsync() : null;
            await Console.Out.WriteLineAsync(LoadResult.Header);
            LoadResult result = await RunAsync(settings, postgres);
            await Console.Out.WriteLineAsync(result.ToString());
        });
        return command;
    }

    /// <summary>One run on a fresh store; throws when the books don't balance at the end.</summary>
    public static async Task<LoadResult> RunAsync(LedgerSettings settings, BenchPostgres? postgres)
    {
        using Workplace workplace = Workplace.Create(settings.Folder);
        string? database = settings.Engine == "postgres" ? await postgres!.NewDatabaseAsync() : null;
        await using LedgerFixture fixture = await LedgerFixture.OpenAsync(workplace.Path, database);
        await fixture.OpenAccountsAsync(settings.Accounts);
        Workload workload = new(Workload.AccountIds(settings.Accounts), settings.CreateZipf(), seed: 1);
        LedgerLoad warmUp = new(fixture.Pipeline, workload.Fork(-1), settings.Batch);
        await LoadAsync(warmUp, settings with { Duration = settings.WarmUp });
        LedgerLoad load = new(fixture.Pipeline, workload, settings.Batch);
        LoadResult result = await LoadAsync(load, settings);
        string check = await fixture.CheckAsync(warmUp.Done + load.Done);
        await Console.Error.WriteLineAsync($"  books: {check}");
        return result;
    }

    private static Task<LoadResult> LoadAsync(LedgerLoad load, LedgerSettings settings)
    {
        long from = Stopwatch.GetTimestamp();
        return settings.Rate > 0
            ? load.OpenLoopAsync(settings.Name, settings.Rate, settings.Duration)
            : load.ClosedLoopAsync(settings.Name, settings.Callers, () => Stopwatch.GetElapsedTime(from) > settings.Duration);
    }
}
