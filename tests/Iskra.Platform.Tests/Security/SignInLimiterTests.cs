using System.Net;
using Iskra.Platform.Security;
using Iskra.Testing;
using Microsoft.Extensions.Options;
using Xunit;

namespace Iskra.Platform.Tests.Security;

public sealed class SignInLimiterTests
{
    private readonly TestTimeProvider _time = new();
    private readonly SignInLimiter _limiter;

    public SignInLimiterTests() =>
        _limiter = new SignInLimiter(Options.Create(new SecurityOptions { SignInFailuresMax = 2, SignInAddressesMax = 10 }), _time);

    [Fact]
    public void TryTake_BeyondTheLimit_WaitsForTheWindow()
    {
        IPAddress address = IPAddress.Parse("203.0.113.7");
        Assert.True(_limiter.TryTake(address, out _));
        Assert.True(_limiter.TryTake(address, out _));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.False(_limiter.TryTake(address, out TimeSpan wait));
        Assert.Equal(TimeSpan.FromSeconds(40), wait);
        Assert.True(_limiter.TryTake(IPAddress.Parse("203.0.113.8"), out _));
        _time.Advance(wait);
        Assert.True(_limiter.TryTake(address, out _));
    }

    [Fact]
    public void TryTake_SameIpv6Network_CountsTogether()
    {
        Assert.True(_limiter.TryTake(IPAddress.Parse("2001:db8::1"), out _));
        Assert.True(_limiter.TryTake(IPAddress.Parse("2001:db8::2"), out _));
        Assert.False(_limiter.TryTake(IPAddress.Parse("2001:db8::ffff:3"), out _));
        Assert.True(_limiter.TryTake(IPAddress.Parse("2001:db8:0:1::1"), out _));
    }

    [Fact]
    public void TryTake_ManyAddresses_StaysBounded()
    {
        Assert.All(Enumerable.Range(0, 10), i => Assert.True(_limiter.TryTake(IPAddress.Parse($"203.0.113.{i}"), out _)));
        Assert.False(_limiter.TryTake(IPAddress.Parse("203.0.113.100"), out _));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(_limiter.TryTake(IPAddress.Parse("203.0.113.100"), out _));
    }

    [Fact]
    public void Succeeded_AfterFailures_GivesAttemptsBack()
    {
        IPAddress address = IPAddress.Loopback;
        _limiter.TryTake(address, out _);
        _limiter.TryTake(address, out _);
        _limiter.Succeeded(address);
        Assert.True(_limiter.TryTake(address, out _));
    }
}
