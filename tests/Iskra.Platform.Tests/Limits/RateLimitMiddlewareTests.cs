using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json;
using Iskra.Platform.Hosting;
using Iskra.Platform.Limits;
using Iskra.Platform.Security;
using Iskra.Platform.Tenancy;
using Iskra.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Tests.Limits;

public sealed class RateLimitMiddlewareTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly RateLimitOptions _options = new()
    {
        Window = TimeSpan.FromMinutes(1),
        PermitsPerAddress = 600,
        PermitsPerTenant = 120,
        PermitsPerKey = 60,
    };

    private readonly TestTimeProvider _time = new();
    private int _answered;

    [Fact]
    public async Task InvokeAsync_WithinTheLimits_TellsTheTightest()
    {
        HttpContext context = Request(KeyCaller());
        await Pipeline()(context);
        IHeaderDictionary headers = context.Response.Headers;
        Assert.Equal(1, _answered);
        Assert.Equal("\"address\";q=600;w=60, \"key\";q=60;w=60, \"tenant\";q=120;w=60", headers["RateLimit-Policy"]);
        Assert.Equal("\"key\";r=59;t=1", headers["RateLimit"]);
        Assert.Equal("60 59 1", $"{headers["RateLimit-Limit"]} {headers["RateLimit-Remaining"]} {headers["RateLimit-Reset"]}");
        Assert.False(headers.ContainsKey("Retry-After"));
    }

    [Fact]
    public async Task InvokeAsync_BeyondTheKeysLimit_IsAProblemWithRetryAfter()
    {
        RequestDelegate pipeline = Pipeline();
        Caller caller = KeyCaller();
        for (int number = 0; number < 60; number++)
        {
            await pipeline(Request(caller));
        }

        HttpContext refused = Request(caller);
        await pipeline(refused);
        Assert.Equal(60, _answered);
        Assert.Equal(429, refused.Response.StatusCode);
        Assert.Equal("1", refused.Response.Headers.RetryAfter);
        Assert.Equal("\"key\";r=0;t=60", refused.Response.Headers["RateLimit"]);
        refused.Response.Body.Position = 0;
        using JsonDocument problem = await JsonDocument.ParseAsync(refused.Response.Body);
        Assert.Equal("rate-limited", problem.RootElement.GetProperty("code").GetString());

        // Another key of the tenant still has the tenant's other half, because what was refused wasn't charged to it.
        Caller other = KeyCaller();
        HttpContext context = Request(other);
        await pipeline(context);
        Assert.Equal("\"tenant\";r=59;t=31", context.Response.Headers["RateLimit"]);
        _time.Advance(TimeSpan.FromSeconds(1));
        await pipeline(Request(caller));
        Assert.Equal(62, _answered);
    }

    [Fact]
    public async Task InvokeAsync_UnknownCaller_IsLimitedByAddressAlone()
    {
        RequestDelegate pipeline = Pipeline();
        for (int number = 0; number < 601; number++)
        {
            await pipeline(Request(null));
        }

        Assert.Equal(600, _answered);
        await pipeline(Request(null, address: "192.0.2.99"));
        Assert.Equal(601, _answered);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/metrics")]
    public async Task InvokeAsync_ExcludedPath_IsNeverLimited(string path)
    {
        RequestDelegate pipeline = Pipeline();
        for (int number = 0; number < 700; number++)
        {
            HttpContext context = Request(null, path);
            await pipeline(context);
            Assert.False(context.Response.Headers.ContainsKey("RateLimit"));
        }

        Assert.Equal(700, _answered);
    }

    [Theory]
    [InlineData("127.0.0.1", "203.0.113.7", "203.0.113.7")]
    [InlineData("127.0.0.0/8", "198.51.100.1, 203.0.113.7", "203.0.113.7")]
    [InlineData("10.0.0.1", "203.0.113.7", "127.0.0.1")]
    [InlineData(null, "203.0.113.7", "127.0.0.1")]
    public async Task UseIskraHosting_ForwardedFor_IsBelievedFromTrustedProxiesAlone(string? trusted, string forwarded, string expected)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(trusted is null ? [] : [new("Http:TrustedProxies:0", trusted)]);
        builder.Services.AddValidatedOptions<HttpOptions>(builder.Configuration, HttpOptions.Section);
        await using WebApplication app = builder.Build();
        app.UseProxyHeaders();
        app.Run(context => context.Response.WriteAsync($"{context.Connection.RemoteIpAddress!.MapToIPv4()}"));
        await app.StartAsync();
        using HttpClient client = new();
        using HttpRequestMessage request = new(HttpMethod.Get, app.Urls.First());
        request.Headers.Add("X-Forwarded-For", forwarded);
        using HttpResponseMessage response = await client.SendAsync(request);
        Assert.Equal(expected, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public void TrustedProxies_NeitherAddressNorNetwork_IsAFault()
    {
        HttpOptions options = new();
        options.TrustedProxies.Add("10.0.0.0/8");
        options.TrustedProxies.Add("nginx");
        Assert.Contains("nginx", Assert.Single(options.Validate(new(options))).ErrorMessage, StringComparison.Ordinal);
    }

    public void Dispose() => _services.Dispose();

    private static Caller KeyCaller() => new(CallerKind.Key, TenantId.Default, "default", "n", []) { KeyId = Guid.CreateVersion7() };

    private static DefaultHttpContext Request(Caller? caller, string path = "/v1/x", string address = "192.0.2.1")
    {
        DefaultHttpContext context = new();
        context.Request.Path = path;
        context.Connection.RemoteIpAddress = IPAddress.Parse(address);
        context.Response.Body = new MemoryStream();
        if (caller is not null)
        {
            context.Items["test.caller"] = caller;
        }

        return context;
    }

    /// <summary>Address, then something that knows the caller, then the caller's limits, then the answer.</summary>
    private RequestDelegate Pipeline()
    {
        IMeterFactory meters = _services.GetRequiredService<IMeterFactory>();
        RateLimits limits = new(_options, new RateLimitMetrics(meters), _time, null);
        IOptions<RateLimitOptions> options = Options.Create(_options);
        RateLimitPolicies policies = new(options);
        HostingMetrics hosting = new(meters);
        ILogger<RateLimitMiddleware> logger = NullLogger<RateLimitMiddleware>.Instance;
        RateLimitMiddleware inner = new(Answer, RateLimitStage.Caller, limits, policies, options, hosting, logger);
        RateLimitMiddleware outer = new(
            context =>
            {
                context.Features.Set(context.Items["test.caller"] as Caller);
                return inner.InvokeAsync(context);
            },
            RateLimitStage.Address,
            limits,
            policies,
            options,
            hosting,
            logger);
        return outer.InvokeAsync;
    }

    private Task Answer(HttpContext context)
    {
        _answered++;
        return Task.CompletedTask;
    }
}
