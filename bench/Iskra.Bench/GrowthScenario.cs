using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace Iskra.Bench;

/// <summary><c>growth</c>: whether the ledger slows down, or its memory grows, with the length of the journal.</summary>
internal static class GrowthScenario
{
    private const int Parts = 10;

    private static readonly Option<string> Engine = new("--engine")
    {
        DefaultValueFactory = _ => "sqlite",
        Description = "sqlite or postgres",
    };

    private static readonly Option<long> Transfers = new("--transfers") { DefaultValueFactory = _ => 5_000_000 };
    private static readonly Option<int> Batch = new("--batch") { DefaultValueFactory = _ => 1_000, Description = "transfers per request" };
    private static readonly Option<int> Callers = new("--callers") { DefaultValueFactory = _ => 8 };
    private static readonly Option<string?> Folder = new("--folder") { Description = "where the data goes; default: the temporary folder" };

    public static Command Create()
    {
        Engine.AcceptOnlyFromAmong("sqlite", "postgres");
        Command command = new("growth", "Posts many transfers and compares the rate of each tenth with the first.")
        {
            Engine, Transfers, Batch, Callers, Folder,
        };
        command.SetAction(async (parse, _) =>
        {
            LedgerSettings settings = new()
            {
                Engine = parse.GetValue(Engine)!,
                Batch = parse.GetValue(Batch),
                Callers = parse.GetValue(Callers),
                Folder = parse.GetValue(Folder),
                Rate = 0,
            };
            await using BenchPostgres? postgres = settings.Engine == "postgres" ? await BenchPostgres.StartAsync() : null;
            await Console.Out.WriteLineAsync(await RunAsync(settings, parse.GetValue(Transfers), postgres));
        });
        return command;
    }

    /// <summary>A Markdown table with a line per tenth.</summary>
    public static async Task<string> RunAsync(LedgerSettings settings, long transfers, BenchPostgres? postgres)
    {
        using Workplace workplace = Workplace.Create(settings.Folder);
        using Process process = Process.GetCurrentProcess();
        string? database = settings.Engine == "postgres" ? await postgres!.NewDatabaseAsync() : null;
        await using LedgerFixture fixture = await LedgerFixture.OpenAsync(workplace.Path, database);
        await fixture.OpenAccountsAsync(settings.Accounts);
        Workload workload = new(Workload.AccountIds(settings.Accounts), settings.CreateZipf(), seed: 1);
        List<string> lines =
        [
            "| tenth | load before | transfers/s | ratio | CPU µs/transfer | RSS MiB |",
            "|--:|--:|--:|--:|--:|--:|",
        ];

        // The compiler's second thoughts belong to no tenth.
        LedgerLoad warmUp = new(fixture.Pipeline, workload.Fork(-1), settings.Batch);
        await warmUp.ClosedLoopAsync("warm-up", settings.Callers, () => warmUp.Done >= transfers / 50);
        long acknowledged = warmUp.Done;
        double first = 0;
        for (int part = 1; part <= Parts; part++)
        {
            LedgerLoad load = new(fixture.Pipeline, workload.Fork(part * 100), settings.Batch);
            LoadResult result = await load.ClosedLoopAsync("tenth", settings.Callers, () => load.Done >= transfers / Parts);
            acknowledged += load.Done;
            first = part == 1 ? result.Rate : first;
            lines.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"| {part} | {result.LoadBefore} | {result.Rate:#,0} | {result.Rate / first:0.00} ")
                + string.Create(CultureInfo.InvariantCulture, $"| {result.CpuMicroseconds:0.0} | {Machine.ResidentMib(process)} |"));
        }

        await Console.Error.WriteLineAsync($"  books: {await fixture.CheckAsync(acknowledged)}");
        return string.Join('\n', lines);
    }
}
