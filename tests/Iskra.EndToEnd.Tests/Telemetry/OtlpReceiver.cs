using System.Collections.Concurrent;
using Iskra.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Iskra.EndToEnd.Tests.Telemetry;

/// <summary>A collector that takes OTLP over HTTP on a loopback port and keeps what it got. It stands in for a real one.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<OtlpRequest> _requests = new();

    private OtlpReceiver(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    public IReadOnlyList<OtlpRequest> Requests => [.. _requests];

    public static async Task<OtlpReceiver> StartAsync(CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        OtlpReceiver receiver = new(builder.Build());
        receiver._app.MapPost("/{**path}", receiver.TakeAsync);
        await receiver._app.StartAsync(cancellationToken);
        return receiver;
    }

    /// <summary>Waits until what has arrived is enough.</summary>
    public Task WaitAsync(Func<IReadOnlyList<OtlpRequest>, bool> isEnough, CancellationToken cancellationToken) =>
        Polling.UntilAsync(_ => Task.FromResult(isEnough(Requests)), cancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        _requests.Enqueue(new OtlpRequest(
            context.Request.Path.Value!,
            context.Request.ContentType ?? string.Empty,
            string.Join('\n', context.Request.Headers.Select(header => $"{header.Key}: {header.Value}")),
            body.ToArray()));
        context.Response.ContentType = "application/x-protobuf";
    }
}
