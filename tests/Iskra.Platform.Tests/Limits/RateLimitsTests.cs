using System.Diagnostics.Metrics;
using Iskra.Platform.Limits;
using Iskra.Platform.Tests.Data;
using Iskra.Platform.Tests.Redis;
using Iskra.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Platform.Tests.Limits;

public sealed class RateLimitsTests : IDisposable
{
    /// <summary>So long a window that no permit comes back during a test.</summary>
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly string _prefix = $"test:{Guid.CreateVersion7():N}:";

    [Fact]
    public async Task TakeAsync_10000AtOnceThroughTwoProcesses_AllowsExactlyTheLimit()
    {
        Requirement.Redis();
        RedisServer server = await RedisServer.SharedAsync();
        await using TestRedis one = await TestRedis.ConnectAsync(server, o => o.Prefix = _prefix);
        await using TestRedis two = await TestRedis.ConnectAsync(server, o => o.Prefix = _prefix);
        RateLimits[] limits = [Create(one), Create(two)];
        RateLimitCheck[] checks = [new RateLimitCheck(new RateLimitPolicy("test", 1, 1_234, Day), 7)];
        using MetricReader fallbacks = new(Metrics.Meter, "iskra.limits.fallbacks");
        RateLimitResult[][] results = await Task.WhenAll(
            Enumerable.Range(0, 10_000).Select(number => limits[number % 2].TakeAsync(checks).AsTask()));
        Assert.Equal(1_234, results.Count(result => result[0].IsAllowed));
        Assert.Equal(0, fallbacks.Values.Sum());
        Assert.Equal(
            Enumerable.Range(0, 1_234), results.Where(result => result[0].IsAllowed).Select(result => (int)result[0].Remaining).Order());
        RateLimitResult refused = (await limits[0].TakeAsync(checks))[0];
        Assert.InRange(refused.RetryAfter.TotalSeconds, 1, Day.TotalSeconds / 1_234);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TakeAsync_OneLimitRefuses_ChargesNone(bool isShared)
    {
        Requirement.Redis();
        await using TestRedis redis = await TestRedis.ConnectAsync(await RedisServer.SharedAsync(), o => o.Prefix = _prefix);
        RateLimits limits = Create(isShared ? redis : null);
        RateLimitCheck wide = new(new RateLimitPolicy("wide", 1, 10, Day), 1);
        RateLimitCheck tight = new(new RateLimitPolicy("tight", 2, 2, Day), 1);
        for (int round = 0; round < 6; round++)
        {
            RateLimitResult[] results = await limits.TakeAsync(new[] { wide, tight });
            Assert.Equal(round < 2, results.All(result => result.IsAllowed));
            Assert.Equal(round < 2, results[1].IsAllowed);
        }

        Assert.Equal(7, (await limits.TakeAsync(new[] { wide }))[0].Remaining);
    }

    [Fact]
    public async Task TakeAsync_RedisKilledAndBack_FallsBackAndReturns()
    {
        Requirement.Redis();
        await using RedisServer server = await RedisServer.StartAsync();
        await using TestRedis redis = await TestRedis.ConnectAsync(server, o => o.Prefix = _prefix);
        RateLimits limits = Create(redis);
        using MetricReader fallbacks = new(Metrics.Meter, "iskra.limits.fallbacks");
        RateLimitCheck[] checks = [new RateLimitCheck(new RateLimitPolicy("test", 1, 3, Day), 1)];
        Assert.True((await limits.TakeAsync(checks))[0].IsAllowed);
        await server.KillAsync();
        int allowed = 0;
        for (int round = 0; round < 10; round++)
        {
            allowed += (await limits.TakeAsync(checks))[0].IsAllowed ? 1 : 0;
        }

        Assert.Equal(3, allowed);
        Assert.Equal(10, fallbacks.Values.Sum());
        await server.RestartAsync();
        await TestRedis.UntilAsync(() => redis.Client.IsConnected);
        await TestRedis.UntilAsync(async () => (await limits.TakeAsync(checks))[0].IsAllowed);
    }

    [Fact]
    public async Task TakeAsync_ServerClockSetBack_NobodyWaitsLongerThanTheWindow()
    {
        Requirement.Redis();
        await using TestRedis redis = await TestRedis.ConnectAsync(await RedisServer.SharedAsync(), o => o.Prefix = _prefix);
        RateLimits limits = Create(redis);
        RateLimitPolicy policy = new("test", 1, 60, TimeSpan.FromMinutes(1));
        await redis.Client.SendAsync("SET", _prefix + "limit:test:1", 9_000_000_000_000_000L, "PX", 60_000L);
        RateLimitResult refused = (await limits.TakeAsync(new[] { new RateLimitCheck(policy, 1) }))[0];
        Assert.False(refused.IsAllowed);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.RetryAfter);
    }

    public void Dispose() => _services.Dispose();

    private RateLimitMetrics Metrics => field ??= new RateLimitMetrics(_services.GetRequiredService<IMeterFactory>());

    private RateLimits Create(TestRedis? redis) => new(
        new RateLimitOptions { CircuitOpenTime = TimeSpan.FromMilliseconds(10) }, Metrics, TimeProvider.System, redis?.Client);
}
