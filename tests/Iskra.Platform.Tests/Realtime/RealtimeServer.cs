using System.Net.WebSockets;
using System.Text;
using Iskra.Platform.Realtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Tests.Realtime;

/// <summary>A real server on a free port with one topic, "test", at /ws and /stream.</summary>
internal sealed class RealtimeServer : IAsyncDisposable
{
    private RealtimeServer(WebApplication app)
    {
        App = app;
        Topic = app.Services.GetRequiredService<RealtimeHub>().Topic("test");
    }

    public WebApplication App { get; }

    public RealtimeTopic Topic { get; }

    public Uri Address => new(App.Urls.First());

    public static async Task<RealtimeServer> StartAsync(params (string Key, string Value)[] settings)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => new KeyValuePair<string, string?>($"Realtime:{setting.Key}", setting.Value)));
        builder.Services.AddIskraRealtime(builder.Configuration);
        RealtimeServer server = new(builder.Build());
        server.App.MapTopic("/ws", server.Topic, "dashboards:read");
        server.App.MapTopicStream("/stream", server.Topic, "dashboards:read");
        await server.App.StartAsync();
        return server;
    }

    public async Task<ClientWebSocket> ConnectAsync(string? origin = null)
    {
        ClientWebSocket socket = new();
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        await socket.ConnectAsync(new Uri($"ws://{Address.Authority}/ws"), Xunit.TestContext.Current.CancellationToken);
        return socket;
    }

    /// <summary>Publishes until someone is connected would be a race: the first frame is kept and greets whoever comes.</summary>
    public void Publish(string frame) => Topic.Publish(Encoding.UTF8.GetBytes(frame));

    public static async Task<string> ReceiveAsync(WebSocket socket)
    {
        byte[] buffer = new byte[4_096];
        WebSocketReceiveResult result = await socket.ReceiveAsync(buffer, Xunit.TestContext.Current.CancellationToken);
        return result.MessageType == WebSocketMessageType.Close
            ? $"close {(int?)result.CloseStatus}"
            : Encoding.UTF8.GetString(buffer, 0, result.Count);
    }

    public async ValueTask DisposeAsync() => await App.DisposeAsync();
}
