using System.CommandLine;

namespace Iskra.Bench;

/// <summary><c>http</c>: the real host in its own process, the generator on the same machine.</summary>
internal static class HttpScenario
{
    private static readonly Option<string> Engine = new("--engine")
    {
        DefaultValueFactory = _ => "sqlite",
        Description = "sqlite or postgres",
    };

    private static readonly Option<double> Rate = new("--rate")
    {
        DefaultValueFactory = _ => 5_000,
        Description = "transfers/s; 0 for max",
    };

    private static readonly Option<int> Seconds = new("--seconds") { DefaultValueFactory = _ => 30 };
    private static readonly Option<int> WarmUp = new("--warm-up") { DefaultValueFactory = _ => 5, Description = "seconds, not counted" };
    private static readonly Option<int> Accounts = new("--accounts") { DefaultValueFactory = _ => 100_000 };
    private static readonly Option<int> Batch = new("--batch") { DefaultValueFactory = _ => 1, Description = "transfers per request" };
    private static readonly Option<int> Connections = new("--connections") { DefaultValueFactory = _ => 64 };
    private static readonly Option<string?> Folder = new("--folder") { Description = "where the data goes; default: the temporary folder" };

    public static Command Create()
    {
        Engine.AcceptOnlyFromAmong("sqlite", "postgres");
        Command command = new("http", "Posts transfers to a running iskra over keep-alive connections.")
        {
            Engine, Rate, Seconds, WarmUp, Accounts, Batch, Connections, Folder,
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
                Batch = parse.GetValue(Batch),
                Callers = parse.GetValue(Connections),
                Folder = parse.GetValue(Folder),
            };
            await using BenchPostgres? postgres = settings.Engine == "postgres" ? await BenchPostgres.StartAsync() : null;
            await Console.Out.WriteLineAsync(LoadResult.Header);
            await Console.Out.WriteLineAsync((await RunAsync(settings, postgres)).ToString());
        });
        return command;
    }

    /// <summary>One run on a fresh store; afterwards the store is opened here and the books are checked.</summary>
    public static async Task<LoadResult> RunAsync(LedgerSettings settings, BenchPostgres? postgres)
    {
        using Workplace workplace = Workplace.Create(settings.Folder);
        string? database = settings.Engine == "postgres" ? await postgres!.NewDatabaseAsync() : null;
        await using (LedgerFixture fixture = await LedgerFixture.OpenAsync(workplace.Path, database))
        {
            await fixture.OpenAccountsAsync(settings.Accounts);
        }

        Workload workload = new(Workload.AccountIds(settings.Accounts), settings.CreateZipf(), seed: 1);
        HttpLoad warmUp;
        HttpLoad load;
        LoadResult result;
        await using (HostProcess host = await HostProcess.StartAsync(workplace.Path, database))
        {
            warmUp = new HttpLoad(host, workload.Fork(-1_000), settings.Batch, settings.Callers);
            await warmUp.RunAsync("warm-up", settings.Rate, settings.WarmUp);
            load = new HttpLoad(host, workload, settings.Batch, settings.Callers);
            string name = settings.Rate > 0 ? $"HTTP, {settings.Name}, {settings.Callers} connections" : $"HTTP, {settings.Name}";
            result = await load.RunAsync(name, settings.Rate, settings.Duration);
        }

        await using LedgerFixture books = await LedgerFixture.OpenAsync(workplace.Path, database);
        await Console.Error.WriteLineAsync($"  books: {await books.CheckAsync(warmUp.Done + load.Done)}");
        return result;
    }
}
