using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Iskra.Modules.Cards.Accounts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Modules.Cards.Storage;
using Iskra.Platform.Tenancy;

namespace Iskra.Bench;

/// <summary>
/// <c>cache</c>: balances read by a replica while another process posts, on PostgreSQL and Redis, with the cache and without it.
/// </summary>
internal static class CacheScenario
{
    private static readonly Option<int> Seconds = new("--seconds") { DefaultValueFactory = _ => 30 };
    private static readonly Option<int> WarmUp = new("--warm-up") { DefaultValueFactory = _ => 30, Description = "seconds, not counted" };
    private static readonly Option<int> Accounts = new("--accounts") { DefaultValueFactory = _ => 20_000 };
    private static readonly Option<double> Zipf = new("--zipf") { DefaultValueFactory = _ => 0.99, Description = "of reads and postings" };
    private static readonly Option<double> Reads = new("--reads") { DefaultValueFactory = _ => 2_000, Description = "per second" };
    private static readonly Option<double> Posts = new("--posts") { DefaultValueFactory = _ => 100, Description = "transfers per second" };

    public static Command Create()
    {
        Command command = new("cache", "Reads balances on a replica while transfers are posted: database reads saved by the cache.")
        {
            Seconds, WarmUp, Accounts, Zipf, Reads, Posts,
        };
        command.SetAction(async (parse, _) =>
        {
            await using BenchPostgres postgres = await BenchPostgres.StartAsync();
            await using BenchRedis redis = await BenchRedis.StartAsync();
            await Console.Out.WriteLineAsync(
                "| run | load before | reads/s | postings/s | database reads | per 1000 reads | read p50 ms | p99 ms | wrong |\n"
                + "|---|--:|--:|--:|--:|--:|--:|--:|--:|");
            Outcome without = await RunAsync(parse, postgres, redis, isCached: false);
            await Console.Out.WriteLineAsync(without.Line);
            Outcome with = await RunAsync(parse, postgres, redis, isCached: true);
            await Console.Out.WriteLineAsync(with.Line);
            double saved = 1 - (with.PerRead / without.PerRead);
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"\ndatabase reads saved: {saved:P1}"));
        });
        return command;
    }

    private static async Task<Outcome> RunAsync(ParseResult parse, BenchPostgres postgres, BenchRedis redis, bool isCached)
    {
        string database = await postgres.NewDatabaseAsync();
        Dictionary<string, string?> settings = new()
        {
            ["Redis:Url"] = redis.Url,
            ["Redis:Prefix"] = $"bench-{isCached}:",
            ["Cache:Enabled"] = isCached.ToString(),
        };
        using Workplace ownerFolder = Workplace.Create(null);
        using Workplace replicaFolder = Workplace.Create(null);
        await using LedgerFixture owner = await LedgerFixture.OpenAsync(ownerFolder.Path, database, settings);
        await owner.OpenAccountsAsync(parse.GetValue(Accounts));
        while (owner.Pipeline.HasRowsBehind)
        {
            await owner.Pipeline.StoreAllAsync();
        }

        await using LedgerFixture replica = await LedgerFixture.OpenReplicaAsync(replicaFolder.Path, database, settings);
        UInt128[] ids = Workload.AccountIds(parse.GetValue(Accounts));
        ZipfTable zipf = new(ids.Length, parse.GetValue(Zipf));
        Workload postings = new(ids, zipf, seed: 1);
        TimeSpan warmUp = TimeSpan.FromSeconds(parse.GetValue(WarmUp));
        await PhaseAsync(parse, owner, replica, ids, zipf, postings, warmUp);
        string load = Machine.Load();
        using LoadCounter loads = new();
        (LatencyHistogram latency, long reads, LoadResult posted) = await PhaseAsync(
            parse, owner, replica, ids, zipf, postings.Fork(1), TimeSpan.FromSeconds(parse.GetValue(Seconds)));
        long fromDatabase = loads.Count;
        int wrong = await CompareAsync(owner, replica, ids);
        double perRead = fromDatabase / (double)reads;
        return new Outcome(perRead, string.Create(
            CultureInfo.InvariantCulture,
            $"| {(isCached ? "with the cache" : "without it")} | {load} | {reads / posted.Elapsed.TotalSeconds:#,0} "
            + $"| {posted.Transfers / posted.Elapsed.TotalSeconds:#,0} | {fromDatabase:#,0} | {1_000 * perRead:0} ")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"| {latency.QuantileMs(0.5):0.00} | {latency.QuantileMs(0.99):0.00} | {wrong} |"));
    }

    private static async Task<(LatencyHistogram Latency, long Reads, LoadResult Posted)> PhaseAsync(
        ParseResult parse,
        LedgerFixture owner,
        LedgerFixture replica,
        UInt128[] ids,
        ZipfTable zipf,
        Workload postings,
        TimeSpan duration)
    {
        LatencyHistogram latency = new();
        LedgerLoad load = new(owner.Pipeline, postings, batch: 1);
        Task<LoadResult> posting = load.OpenLoopAsync("postings", parse.GetValue(Posts), duration);
        double rate = parse.GetValue(Reads);
        long count = (long)(rate * duration.TotalSeconds);
        Random random = new(2);
        Guid[] picks = [.. Enumerable.Range(0, (int)count).Select(_ => Uuid.ToGuid(ids[zipf.Pick(random)]))];
        long start = Stopwatch.GetTimestamp();
        long pending = 0;
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(1));
        for (long sent = 0; sent < count;)
        {
            await timer.WaitForNextTickAsync();
            long due = Math.Min(count, (long)(Stopwatch.GetElapsedTime(start).TotalSeconds * rate));
            for (; sent < due; sent++)
            {
                Interlocked.Increment(ref pending);
                _ = ReadAsync(picks[sent], start + (long)(sent * Stopwatch.Frequency / rate));
            }
        }

        while (Volatile.Read(ref pending) > 0)
        {
            await Task.Delay(1);
        }

        return (latency, count, await posting);

        async Task ReadAsync(Guid id, long intended)
        {
            // Off this thread, so that a read without a wait doesn't hold up the schedule.
            await Task.Yield();
            await replica.Accounts.FindAsync(TenantId.Default, id, CancellationToken.None);
            latency.Record((long)Stopwatch.GetElapsedTime(intended).TotalMicroseconds, 1);
            Interlocked.Decrement(ref pending);
        }
    }

    /// <summary>After the postings, the replica must tell what the writer tells.</summary>
    private static async Task<int> CompareAsync(LedgerFixture owner, LedgerFixture replica, UInt128[] ids)
    {
        await Task.Delay(50);
        int wrong = 0;
        foreach (UInt128 id in ids.Take(2_000))
        {
            Guid account = Uuid.ToGuid(id);
            CommittedState truth = (await owner.Accounts.FindAsync(TenantId.Default, account, CancellationToken.None))!.Value.State;
            CommittedState seen = (await replica.Accounts.FindAsync(TenantId.Default, account, CancellationToken.None))!.Value.State;
            wrong += truth.Balances == seen.Balances ? 0 : 1;
        }

        return wrong;
    }

    private sealed record Outcome(double PerRead, string Line);
}
