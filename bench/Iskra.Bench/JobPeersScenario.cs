using System.CommandLine;
using System.ComponentModel;
using System.Globalization;

namespace Iskra.Bench;

/// <summary><c>job-peers</c>: other job queues on the same machine in the same run, as a table.</summary>
internal static class JobPeersScenario
{
    private static readonly string[] Metrics = ["enqueue_200", "enqueue_batches", "process", "pickup_p50_ms", "pickup_p99_ms"];

    private static readonly Option<int> Jobs = new("--jobs") { DefaultValueFactory = _ => 20_000 };
    private static readonly Option<int> Seconds = new("--seconds") { DefaultValueFactory = _ => 5, Description = "of enqueueing" };
    private static readonly Option<int> Samples = new("--samples") { DefaultValueFactory = _ => 200, Description = "pick-ups" };
    private static readonly Option<int> Rounds = new("--rounds") { DefaultValueFactory = _ => 3, Description = "the table shows medians" };

    public static Command Create()
    {
        Command command = new("job-peers", "graphile-worker, BullMQ and Celery, as durable as they can be.")
        {
            Jobs, Seconds, Samples, Rounds,
        };
        command.SetAction(async (parse, _) =>
        {
            JobPeers peers = new(JobPeers.FindScripts(), parse.GetValue(Jobs), parse.GetValue(Seconds), parse.GetValue(Samples));
            await peers.InstallAsync();
            string load = Machine.Load();
            List<JobFigure> figures = [];
            for (int round = 0; round < parse.GetValue(Rounds); round++)
            {
                await using BenchPostgres postgres = await BenchPostgres.StartAsync();
                string database = await postgres.NewDatabaseAsync();
                figures.AddRange(await AskAsync("graphile-worker", () => peers.GraphileAsync(database)));
                figures.AddRange(await AskAsync("BullMQ", peers.BullAsync));
                figures.AddRange(await AskAsync("Celery", peers.CeleryAsync));
            }

            await Console.Out.WriteLineAsync($"load before {load}\n\n{Table(figures)}");
        });
        return command;
    }

    /// <summary>Medians, a row per system.</summary>
    public static string Table(IEnumerable<JobFigure> figures)
    {
        List<string> lines = [$"| system | {string.Join(" | ", Metrics)} |", $"|---|{string.Concat(Metrics.Select(_ => "--:|"))}"];
        foreach (IGrouping<string, JobFigure> system in figures.GroupBy(figure => figure.System, StringComparer.Ordinal))
        {
            lines.Add($"| {system.Key} | {string.Join(" | ", Metrics.Select(metric => Median(system, metric)))} |");
        }

        return string.Join('\n', lines);
    }

    private static string Median(IEnumerable<JobFigure> figures, string metric)
    {
        double[] values = [.. figures.Where(figure => figure.Metric == metric).Select(figure => figure.Value).Order()];
        string format = metric.EndsWith("_ms", StringComparison.Ordinal) ? "0.00" : "#,0";
        return values.Length == 0 ? "–" : values[values.Length / 2].ToString(format, CultureInfo.InvariantCulture);
    }

    private static async Task<IReadOnlyList<JobFigure>> AskAsync(string name, Func<Task<IReadOnlyList<JobFigure>>> measure)
    {
        try
        {
            return await measure();
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            await Console.Error.WriteLineAsync($"{name} was not measured: {e.Message}");
            return [];
        }
    }
}
