using System.Net;
using System.Text;
using Iskra.Platform.Cluster;
using Iskra.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Tests.Cluster;

public sealed class RequestForwarderTests : IAsyncLifetime
{
    private readonly TaskCompletionSource _release = new();
    private WebApplication? _node;
    private Uri? _address;

    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _node = builder.Build();
        _node.MapPost("/echo", async (HttpContext context) =>
        {
            using StreamReader reader = new(context.Request.Body);
            string body = await reader.ReadToEndAsync();
            context.Response.StatusCode = 207;
            context.Response.Headers["X-Seen"] = context.Request.Headers.Authorization.ToString();
            context.Response.Headers["X-Query"] = context.Request.QueryString.Value;
            context.Response.Headers["X-Mark"] = RequestForwarder.IsForwarded(context.Request).ToString();
            context.Response.Headers["X-Host"] = context.Request.Host.Value;
            await context.Response.WriteAsync(body + "!");
        });
        _node.MapPost("/abort", (HttpContext context) => context.Abort());
        _node.MapPost("/wait", () => _release.Task);
        await _node.StartAsync();
        _address = new Uri(_node.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        _release.TrySetResult();
        await _node!.DisposeAsync();
    }

    [Fact]
    public async Task ForwardAsync_Answer_ComesBackWhole()
    {
        using RequestForwarder forwarder = Create();
        DefaultHttpContext context = Request("/echo", "искра");
        context.Request.QueryString = new QueryString("?a=%2F");
        context.Request.Headers.Authorization = "Bearer one";
        context.Request.Headers.Host = "iskra.example";

        ForwardOutcome outcome = await forwarder.ForwardAsync(context, _address!);

        Assert.Equal(ForwardOutcome.Answered, outcome);
        Assert.Equal(207, context.Response.StatusCode);
        Assert.Equal("Bearer one", context.Response.Headers["X-Seen"]);
        Assert.Equal("?a=%2F", context.Response.Headers["X-Query"]);
        Assert.Equal("True", context.Response.Headers["X-Mark"]);
        Assert.Equal("iskra.example", context.Response.Headers["X-Host"]);
        Assert.Equal("искра!", Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray()));
        Assert.False(context.Response.Headers.ContainsKey("Transfer-Encoding"));
    }

    [Fact]
    public async Task ForwardAsync_NobodyListens_IsUnreachable()
    {
        using RequestForwarder forwarder = Create();

        ForwardOutcome outcome = await forwarder.ForwardAsync(
            Request("/echo", "x"), new Uri(FormattableString.Invariant($"http://127.0.0.1:{IskraProcess.FreePort()}")));

        Assert.Equal(ForwardOutcome.Unreachable, outcome);
    }

    [Fact]
    public async Task ForwardAsync_ConnectionBreaks_IsBroken()
    {
        using RequestForwarder forwarder = Create();
        DefaultHttpContext context = Request("/abort", "x");

        ForwardOutcome outcome = await forwarder.ForwardAsync(context, _address!);

        Assert.Equal(ForwardOutcome.Broken, outcome);
        Assert.Equal(0, context.Response.Body.Length);
    }

    [Fact]
    public async Task ForwardAsync_TooManyUnderWay_IsRefused()
    {
        using RequestForwarder forwarder = Create(requestsMax: 1);
        Task<ForwardOutcome> first = forwarder.ForwardAsync(Request("/wait", "x"), _address!);

        Assert.Equal(ForwardOutcome.LimitReached, await forwarder.ForwardAsync(Request("/echo", "x"), _address!));
        _release.SetResult();
        Assert.Equal(ForwardOutcome.Answered, await first);
        Assert.Equal(ForwardOutcome.Answered, await forwarder.ForwardAsync(Request("/echo", "x"), _address!));
    }

    private static RequestForwarder Create(int requestsMax = 10)
    {
        ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        return new RequestForwarder(
            Options.Create(new ClusterOptions { ForwardedRequestsMax = requestsMax }),
            ActivatorUtilities.CreateInstance<ClusterMetrics>(services));
    }

    private static DefaultHttpContext Request(string path, string body)
    {
        DefaultHttpContext context = new();
        context.Request.Method = HttpMethods.Post;
        context.Request.Path = path;
        context.Request.Headers.ContentType = "application/json";
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        context.Response.Body = new MemoryStream();
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        return context;
    }
}
