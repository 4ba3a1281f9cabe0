using System.CommandLine;
using System.Globalization;

namespace Iskra.Bench;

/// <summary><c>pgbench</c>: TPC-B by the server's own tool, then the ledger on the same server, and their ratio.</summary>
internal static class PgbenchScenario
{
    private const int Scale = 10;
    private static readonly int[] Clients = [1, 8, 16, 32];

    private static readonly Option<double> Rate = new("--rate")
    {
        DefaultValueFactory = _ => 30_000,
        Description = "transfers/s; 0 for max",
    };

    private static readonly Option<int> Seconds = new("--seconds") { DefaultValueFactory = _ => 60 };
    private static readonly Option<int> TpcbSeconds = new("--tpcb-seconds")
    {
        DefaultValueFactory = _ => 8,
        Description = "per number of clients",
    };


    public static Command Create()
    {
        Command command = new("pgbench", "Compares the ledger on PostgreSQL with the best of pgbench's TPC-B.")
        {
            Rate, Seconds, TpcbSeconds,
        };
        command.SetAction(async (parse, _) =>
        {
            await using BenchPostgres postgres = await BenchPostgres.StartAsync();
            await Console.Out.WriteLineAsync(await postgres.DescribeAsync());
            (string table, double best) = await MeasureTpcbAsync(postgres, parse.GetValue(TpcbSeconds));
            await Console.Out.WriteLineAsync(table + "\n\n" + LoadResult.Header);
            LedgerSettings settings = new()
            {
                Engine = "postgres",
                Rate = parse.GetValue(Rate),
                Duration = TimeSpan.FromSeconds(parse.GetValue(Seconds)),
            };
            LoadResult result = await LedgerScenario.RunAsync(settings, postgres);
            await Console.Out.WriteLineAsync(result.ToString());
            await Console.Out.WriteLineAsync(Ratio(result, best));
        });
        return command;
    }

    public static string Ratio(LoadResult result, double best) => string.Create(
        CultureInfo.InvariantCulture,
        $"\n{result.Name}: {result.Rate / best:0.0} times the best TPC-B rate of the same run ({best:#,0}/s).");

    /// <summary>A table and the best rate.</summary>
    public static async Task<(string Table, double Best)> MeasureTpcbAsync(BenchPostgres postgres, int seconds)
    {
        string database = await postgres.NewDatabaseAsync();
        await postgres.InitializeTpcbAsync(database, Scale);
        List<string> lines = ["| pgbench TPC-B, clients | load before | transactions/s |", "|--:|--:|--:|"];
        double best = 0;
        foreach (int clients in Clients)
        {
            string load = Machine.Load();
            double rate = await postgres.TpcbAsync(database, clients, seconds);
            best = Math.Max(best, rate);
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"| {clients} | {load} | {rate:#,0} |"));
        }

        return (string.Join('\n', lines), best);
    }
}
