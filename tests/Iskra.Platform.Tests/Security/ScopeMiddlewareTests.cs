using Iskra.Platform.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Iskra.Platform.Tests.Security;

public sealed class ScopeMiddlewareTests
{
    [Fact]
    public async Task Invoke_EndpointWithoutScope_IsRefusedToAll()
    {
        await using TestSecurity security = await TestSecurity.StartAsync();
        bool reached = false;
        ScopeMiddleware middleware = new(
            _ =>
            {
                reached = true;
                return Task.CompletedTask;
            },
            security.Get<Authenticator>(),
            security.Get<SecurityMetrics>(),
            NullLogger<ScopeMiddleware>.Instance);
        DefaultHttpContext context = new();
        context.SetEndpoint(new RouteEndpoint(_ => Task.CompletedTask, RoutePatternFactory.Parse("/x"), 0,
            new EndpointMetadataCollection(), "x"));
        await middleware.InvokeAsync(context);
        Assert.False(reached);
        Assert.Equal(403, context.Response.StatusCode);
    }

    [Theory]
    [InlineData("same-origin", null, true)]
    [InlineData("cross-site", "http://localhost:5080", false)]
    [InlineData("none", null, false)]
    [InlineData(null, "http://localhost:5080", true)]
    [InlineData(null, "http://localhost:5081", false)]
    [InlineData(null, "http://localhost", false)]
    [InlineData(null, "https://evil.example", false)]
    [InlineData(null, "null", false)]
    [InlineData(null, null, null)]
    public void SameOrigin_Headers_AreJudged(string? site, string? origin, bool? expected)
    {
        DefaultHttpContext context = new();
        context.Request.Host = new HostString("localhost", 5080);
        if (site is not null)
        {
            context.Request.Headers["Sec-Fetch-Site"] = site;
        }

        if (origin is not null)
        {
            context.Request.Headers.Origin = origin;
        }

        Assert.Equal(expected, SameOrigin.Check(context.Request));
    }
}
