using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Iskra.Platform.Jobs;

namespace Iskra.Bench;

/// <summary><c>jobs</c>: enqueueing by many callers, processing a backlog of no-op jobs, and the pick-up of single ones.</summary>
internal static class JobsScenario
{
    private static readonly Option<string> Engine = new("--engine")
    {
        DefaultValueFactory = _ => "sqlite",
        Description = "sqlite or postgres",
    };

    private static readonly Option<string> Only = new("--only")
    {
        DefaultValueFactory = _ => "all",
        Description = "enqueue, process, pickup",
    };

    private static readonly Option<int> Callers = new("--callers") { DefaultValueFactory = _ => 200 };
    private static readonly Option<int> Seconds = new("--seconds") { DefaultValueFactory = _ => 5 };
    private static readonly Option<int> Jobs = new("--jobs") { DefaultValueFactory = _ => 200_000, Description = "in the backlog" };
    private static readonly Option<int> Workers = new("--workers") { DefaultValueFactory = _ => 500 };
    private static readonly Option<int> Repeat = new("--repeat") { DefaultValueFactory = _ => 3, Description = "runs; the median counts" };
    private static readonly Option<string?> Folder = new("--folder") { Description = "of the data; default: the temporary one" };

    public static Command Create()
    {
        Engine.AcceptOnlyFromAmong("sqlite", "postgres");
        Only.AcceptOnlyFromAmong("all", "enqueue", "process", "pickup");
        Command command = new("jobs", "Background jobs: enqueue, process, pick-up; durable, a no-op handler.")
        {
            Engine, Only, Callers, Seconds, Jobs, Workers, Repeat, Folder,
        };
        command.SetAction((parse, _) => RunAsync(parse));
        return command;
    }

    private static async Task RunAsync(ParseResult parse)
    {
        string engine = parse.GetValue(Engine)!;
        string only = parse.GetValue(Only)!;
        await using BenchPostgres? postgres = engine == "postgres" ? await BenchPostgres.StartAsync() : null;
        if (only is "all" or "enqueue")
        {
            await RepeatAsync(parse, postgres, "enqueue", "jobs/s", fixture => EnqueueAsync(fixture, parse));
        }

        if (only is "all" or "process")
        {
            await RepeatAsync(parse, postgres, "process", "jobs/s", fixture => ProcessAsync(fixture, parse.GetValue(Jobs)));
        }

        if (only is "all" or "pickup")
        {
            await PickUpAsync(parse, postgres);
        }
    }

    private static async Task RepeatAsync(
        ParseResult parse, BenchPostgres? postgres, string name, string unit, Func<JobsFixture, Task<double>> run)
    {
        List<double> rates = [];
        string load = Machine.Load();
        for (int i = 0; i < parse.GetValue(Repeat); i++)
        {
            using Workplace workplace = Workplace.Create(parse.GetValue(Folder));
            string? database = postgres is null ? null : await postgres.NewDatabaseAsync();
            await using JobsFixture fixture = await JobsFixture.OpenAsync(workplace.Path, database, parse.GetValue(Workers));
            rates.Add(await run(fixture));
        }

        string all = string.Join(", ", rates.Select(rate => rate.ToString("#,0", CultureInfo.InvariantCulture)));
        rates.Sort();
        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"| {parse.GetValue(Engine)}, {name} | {load} | {rates[rates.Count / 2]:#,0} {unit} | {all} |"));
    }

    private static async Task<double> EnqueueAsync(JobsFixture fixture, ParseResult parse)
    {
        await EnqueueAsync(fixture, parse.GetValue(Callers), TimeSpan.FromSeconds(1), new LatencyHistogram());
        LatencyHistogram latency = new();
        long before = await fixture.CountAsync("jobs");
        long from = Stopwatch.GetTimestamp();
        long answered = await EnqueueAsync(fixture, parse.GetValue(Callers), TimeSpan.FromSeconds(parse.GetValue(Seconds)), latency);
        double rate = answered / Stopwatch.GetElapsedTime(from).TotalSeconds;
        long stored = await fixture.CountAsync("jobs") - before;
        if (stored != answered)
        {
            throw new InvalidOperationException($"{answered} answers, but {stored} jobs are stored.");
        }

        await Console.Error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"  {rate:#,0}/s, answer p50 {latency.QuantileMs(0.5):0.00} ms, p99 {latency.QuantileMs(0.99):0.0} ms"));
        return rate;
    }

    private static async Task<long> EnqueueAsync(JobsFixture fixture, int callers, TimeSpan duration, LatencyHistogram latency)
    {
        long count = 0;
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(start) < duration)
            {
                long from = Stopwatch.GetTimestamp();
                EnqueueResult result = await fixture.Queue.EnqueueAsync(JobsFixture.Request());
                if (result.Status != EnqueueStatus.Created)
                {
                    throw new InvalidOperationException($"The answer was {result.Status}.");
                }

                latency.Record((long)Stopwatch.GetElapsedTime(from).TotalMicroseconds);
                Interlocked.Increment(ref count);
            }
        })));
        return count;
    }

    private static async Task<double> ProcessAsync(JobsFixture fixture, int jobs)
    {
        const int Batch = 1_000;
        JobRequest[] batch = [.. Enumerable.Repeat(JobsFixture.Request(), Batch)];
        for (int i = 0; i < jobs / Batch; i++)
        {
            await fixture.Queue.EnqueueManyAsync(batch);
        }

        long from = Stopwatch.GetTimestamp();
        await fixture.StartAsync();
        while (fixture.Handler.Count < jobs)
        {
            await Task.Delay(5);
        }

        while (await fixture.CountAsync("(select 1 from jobs limit 1) j") > 0)
        {
            await Task.Delay(2);
        }

        double rate = jobs / Stopwatch.GetElapsedTime(from).TotalSeconds;
        long done = await fixture.CountAsync("jobs_history where state = 10 and attempt = 1");
        await fixture.StopAsync();
        return done == jobs && fixture.Handler.Count == jobs
            ? rate
            : throw new InvalidOperationException($"{jobs} jobs, {fixture.Handler.Count} runs, {done} done.");
    }

    /// <summary>One process enqueues, another one works; each job comes to idle workers.</summary>
    private static async Task PickUpAsync(ParseResult parse, BenchPostgres? postgres)
    {
        const int Count = 400;
        string load = Machine.Load();
        using Workplace workplace = Workplace.Create(parse.GetValue(Folder));
        string? database = postgres is null ? null : await postgres.NewDatabaseAsync();
        await using JobsFixture worker = await JobsFixture.OpenAsync(workplace.Path, database, 10);
        JobsFixture sender = database is null ? worker : await JobsFixture.OpenAsync(workplace.Path, database, 10);
        await worker.StartAsync();
        LatencyHistogram latency = new();
        for (int i = -20; i < Count; i++)
        {
            await Task.Delay(40 + (i & 15));
            worker.Handler.PickUp = i < 0 ? new LatencyHistogram() : latency;
            string payload = Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture);
            await sender.Queue.EnqueueAsync(JobsFixture.Request(payload));
        }

        while (worker.Handler.Count < Count + 20)
        {
            await Task.Delay(5);
        }

        string quantiles = string.Join(", ", new[] { 0.5, 0.9, 0.99, 1 }.Select(
            quantile => latency.QuantileMs(quantile).ToString("0.00", CultureInfo.InvariantCulture)));
        await Console.Out.WriteLineAsync(
            $"| {parse.GetValue(Engine)}, pick-up from the call to the handler, ms p50, p90, p99, max | {load} | {quantiles} | |");
        await worker.StopAsync();
        if (!ReferenceEquals(sender, worker))
        {
            await sender.DisposeAsync();
        }
    }
}
