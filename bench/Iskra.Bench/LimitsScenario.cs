using System.CommandLine;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Iskra.Platform.Limits;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Bench;

/// <summary><c>limits</c>: what one check costs in this process, and how many Redis takes.</summary>
internal static class LimitsScenario
{
    private const int Checks = 5_000_000;
    private const int RedisChecks = 200_000;
    private const int Callers = 10_000;

    public static Command Create()
    {
        Command command = new("limits", "Measures rate limit checks: in process (ns, bytes), and through Redis (checks/s).");
        command.SetAction(async (_, _) => await Console.Out.WriteLineAsync(await RunAsync()));
        return command;
    }

    private static async Task<string> RunAsync()
    {
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        RateLimitMetrics metrics = new(services.GetRequiredService<IMeterFactory>());
        List<string> lines = [$"load average {Machine.Load()}\n\n| check | per check | bytes | checks/s |\n|---|--:|--:|--:|"];
        LocalRateLimiter local = new(200_000, TimeProvider.System, metrics);
        RateLimitPolicy open = new("open", 0, 1_000_000_000, TimeSpan.FromSeconds(1_000));
        RateLimitPolicy closed = new("closed", 1, 1, TimeSpan.FromDays(1));
        for (int round = 0; round < 2; round++)
        {
            // The first round warms up.
            List<string> measured =
            [
                Local("in process, one caller", local, open, 1),
                Local($"in process, {Callers} callers", local, open, Callers),
                Local("in process, refused", local, closed, 1),
                await LocalThreadsAsync(local, open),
            ];
            lines.AddRange(round == 1 ? measured : []);
        }

        await using BenchRedis redis = await BenchRedis.StartAsync();
        RateLimits shared = new(new RateLimitOptions(), metrics, TimeProvider.System, await redis.ConnectAsync());
        await RedisAsync("warm-up", shared, open, 64, 1);
        lines.Add(await RedisAsync("Redis, 1 limit, one at a time", shared, open, 1, 1));
        lines.Add(await RedisAsync("Redis, 1 limit, 64 callers", shared, open, 64, 1));
        lines.Add(await RedisAsync("Redis, 1 limit, 1000 callers", shared, open, 1_000, 1));
        lines.Add(await RedisAsync("Redis, 3 limits in one step, 1000 callers", shared, open, 1_000, 3));
        return string.Join('\n', lines);
    }

    private static string Local(string name, LocalRateLimiter limiter, RateLimitPolicy policy, int callers)
    {
        for (int id = 0; id < callers; id++)
        {
            limiter.Take(new RateLimitCheck(policy, (UInt128)id));
        }

        long bytes = GC.GetAllocatedBytesForCurrentThread();
        long from = Stopwatch.GetTimestamp();
        int id2 = 0;
        for (int number = 0; number < Checks; number++)
        {
            limiter.Take(new RateLimitCheck(policy, (UInt128)id2));
            id2 = id2 + 1 == callers ? 0 : id2 + 1;
        }

        return Line(name, Stopwatch.GetElapsedTime(from), Checks, GC.GetAllocatedBytesForCurrentThread() - bytes);
    }

    private static async Task<string> LocalThreadsAsync(LocalRateLimiter limiter, RateLimitPolicy policy)
    {
        int threads = Environment.ProcessorCount;
        long from = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, threads).Select(_ => Task.Run(() =>
        {
            for (int number = 0; number < Checks; number++)
            {
                limiter.Take(new RateLimitCheck(policy, 1));
            }
        })));
        return Line($"in process, one caller, {threads} threads at once", Stopwatch.GetElapsedTime(from), (long)Checks * threads, null);
    }

    private static async Task<string> RedisAsync(string name, RateLimits limits, RateLimitPolicy policy, int callers, int each)
    {
        int checks = callers == 1 ? RedisChecks / 20 : RedisChecks;
        int left = checks;
        long from = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            RateLimitCheck[] mine = [.. Enumerable.Range(0, each).Select(number =>
                new RateLimitCheck(policy, (UInt128)((caller * 4) + number)))];
            while (Interlocked.Decrement(ref left) >= 0)
            {
                await limits.TakeAsync(mine);
            }
        })));
        return Line(name, Stopwatch.GetElapsedTime(from), checks, null);
    }

    private static string Line(string name, TimeSpan elapsed, long checks, long? bytes)
    {
        string allocated = bytes is { } b ? (b / (double)checks).ToString("0.0", CultureInfo.InvariantCulture) : "";
        double each = elapsed.TotalNanoseconds / checks;
        return string.Create(
            CultureInfo.InvariantCulture, $"| {name} | {each:0} ns | {allocated} | {checks / elapsed.TotalSeconds:#,0} |");
    }
}
