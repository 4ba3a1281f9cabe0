using System.Diagnostics.Metrics;
using System.Net;
using Iskra.Platform.Limits;
using Iskra.Platform.Tests.Data;
using Iskra.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Platform.Tests.Limits;

public sealed class LocalRateLimiterTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly TestTimeProvider _time = new();
    private readonly RateLimitPolicy _policy = new("test", 1, 10, TimeSpan.FromSeconds(1));
    private readonly RateLimitMetrics _metrics;

    public LocalRateLimiterTests() => _metrics = new RateLimitMetrics(_services.GetRequiredService<IMeterFactory>());

    [Fact]
    public void Take_AllAtOnce_AllowsTheLimitAndSaysWhenMore()
    {
        LocalRateLimiter limiter = Create();
        for (int taken = 1; taken <= 10; taken++)
        {
            RateLimitResult result = Take(limiter);
            Assert.Equal((true, 10 - taken), (result.IsAllowed, (int)result.Remaining));
            Assert.Equal(TimeSpan.FromMilliseconds(100 * taken), result.Reset);
        }

        RateLimitResult refused = Take(limiter);
        Assert.False(refused.IsAllowed);
        Assert.Equal((0, TimeSpan.FromMilliseconds(100)), ((int)refused.Remaining, refused.RetryAfter));
        Assert.True(Take(limiter, id: 2).IsAllowed);
    }

    [Fact]
    public void Take_AsTimePasses_PermitsComeBackEvenly()
    {
        LocalRateLimiter limiter = Create();
        Assert.Equal(10, Enumerable.Range(0, 20).Count(_ => Take(limiter).IsAllowed));
        for (int round = 0; round < 50; round++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(99));
            Assert.False(round == 0 && Take(limiter).IsAllowed);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.True(Take(limiter).IsAllowed);
        }

        Assert.False(Take(limiter).IsAllowed);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(10, Enumerable.Range(0, 20).Count(_ => Take(limiter).IsAllowed));
    }

    [Fact]
    public async Task Take_10000AtOnce_AllowsExactlyTheLimit()
    {
        LocalRateLimiter limiter = Create();
        RateLimitPolicy policy = new("test", 1, 1_234, TimeSpan.FromSeconds(1));
        int allowed = 0;
        await Parallel.ForAsync(0, 10_000, (_, _) =>
        {
            Interlocked.Add(ref allowed, limiter.Take(new RateLimitCheck(policy, 1)).IsAllowed ? 1 : 0);
            return ValueTask.CompletedTask;
        });
        Assert.Equal(1_234, allowed);
    }

    [Fact]
    public void Return_ATakenPermit_CanBeTakenAgain()
    {
        LocalRateLimiter limiter = Create();
        Assert.Equal(10, Enumerable.Range(0, 11).Count(_ => Take(limiter).IsAllowed));
        limiter.Return(new RateLimitCheck(_policy, 1));
        Assert.True(Take(limiter).IsAllowed);
        Assert.False(Take(limiter).IsAllowed);
    }

    [Fact]
    public void Take_ManyCallers_ForgetsTheIdleFirst()
    {
        LocalRateLimiter limiter = Create(partitionsMax: 100);
        using MetricReader evicted = new(_metrics.Meter, "iskra.limits.partitions.evicted");
        for (int id = 0; id < 90; id++)
        {
            Take(limiter, id);
        }

        _time.Advance(TimeSpan.FromSeconds(2));
        for (int round = 0; round < 10; round++)
        {
            Take(limiter, 1_000);
        }

        for (int id = 2_000; id < 2_050; id++)
        {
            Take(limiter, id);
        }

        Assert.False(Take(limiter, 1_000).IsAllowed);
        Assert.Equal(90, evicted.Values.Sum());
        for (int id = 3_000; id < 13_000; id++)
        {
            Take(limiter, id);
            Assert.InRange(limiter.Count, 1, 100);
        }
    }

    [Fact]
    public void Take_KnownCaller_AllocatesNothing()
    {
        LocalRateLimiter limiter = Create();
        RateLimitPolicy policy = new("test", 1, 1_000_000, TimeSpan.FromSeconds(1));
        RateLimitCheck check = new(policy, 1);
        limiter.Take(check);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < 1_000; round++)
        {
            limiter.Take(check);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData("2001:db8:1:2:3::4", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("::ffff:192.0.2.1", "::ffff:192.0.2.2", false)]
    public void OfAddress_TwoAddresses_AreOneSubjectWhenOneNetwork(string left, string right, bool isSame) => Assert.Equal(
        isSame, LimitSubject.OfAddress(IPAddress.Parse(left)) == LimitSubject.OfAddress(IPAddress.Parse(right)));

    public void Dispose() => _services.Dispose();

    private LocalRateLimiter Create(int partitionsMax = 1_000) => new(partitionsMax, _time, _metrics);

    private RateLimitResult Take(LocalRateLimiter limiter, int id = 1) => limiter.Take(new RateLimitCheck(_policy, (UInt128)id));
}
