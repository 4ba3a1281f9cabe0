using System.Net;
using Iskra.Platform.Security.Users;
using Iskra.Testing;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Tests.Security.Users;

public sealed class AccountThrottleTests
{
    private static readonly IPAddress Home = IPAddress.Parse("198.51.100.1");

    private readonly TestTimeProvider _time = new();
    private readonly AccountThrottle _throttle;

    public AccountThrottleTests() => _throttle = new AccountThrottle(
        Options.Create(new PasswordOptions { FreeFailures = 3, DelayMax = TimeSpan.FromSeconds(8), AccountsMax = 100 }), _time);

    [Fact]
    public void TryTake_ManyAddresses_WaitDoublesUpToTheLimit()
    {
        Assert.All(Enumerable.Range(1, 3), i => Assert.True(Take("a", $"203.0.113.{i}", out _)));
        foreach (int seconds in new[] { 1, 2, 4, 8, 8, 8 })
        {
            Assert.False(Take("a", "203.0.113.99", out TimeSpan wait));
            Assert.Equal(TimeSpan.FromSeconds(seconds), wait);
            _time.Advance(wait);
            Assert.True(Take("a", "203.0.113.99", out _));
        }

        Assert.True(Take("b", "203.0.113.99", out _));
    }

    [Fact]
    public void TryTake_OwnersAddressWhileAttacked_DoesNotWait()
    {
        Assert.True(_throttle.TryTake("a", Home, out _));
        _throttle.Succeeded("a", Home);
        Assert.All(Enumerable.Range(1, 3), i => Assert.True(Take("a", $"203.0.113.{i}", out _)));
        Assert.False(Take("a", "203.0.113.9", out _));
        Assert.True(_throttle.TryTake("a", Home, out _));
    }

    [Fact]
    public void TryTake_AfterAQuietTime_StartsAnew()
    {
        Assert.All(Enumerable.Range(1, 3), i => Assert.True(Take("a", $"203.0.113.{i}", out _)));
        _time.Advance(TimeSpan.FromMinutes(16));
        Assert.All(Enumerable.Range(1, 3), i => Assert.True(Take("a", $"203.0.113.{i}", out _)));
        Assert.False(Take("a", "203.0.113.9", out _));
    }

    [Fact]
    public void TryTake_MadeUpNames_DoNotPushTheAttackedAccountOut()
    {
        Assert.All(Enumerable.Range(1, 3), i => Assert.True(Take("a", $"203.0.113.{i}", out _)));
        Assert.All(Enumerable.Range(0, 500), i => Assert.True(Take($"made-up-{i}", "203.0.113.9", out _)));
        Assert.False(Take("a", "203.0.113.9", out _));
    }

    private bool Take(string account, string address, out TimeSpan wait) => _throttle.TryTake(account, IPAddress.Parse(address), out wait);
}
