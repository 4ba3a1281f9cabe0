using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Realtime;

/// <summary>
/// A topic over WebSocket: text messages out; whatever the client sends is read and ignored, so that its close and pongs are seen.
/// </summary>
internal sealed class TopicWebSocket
{
    private readonly RealtimeOptions _options;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly ILogger<TopicWebSocket> _log;

    public TopicWebSocket(IOptions<RealtimeOptions> options, IHostApplicationLifetime lifetime, ILogger<TopicWebSocket> log)
    {
        _options = options.Value;
        _lifetime = lifetime;
        _log = log;
    }

    public async Task ServeAsync(HttpContext context, RealtimeTopic topic)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.Headers.Upgrade = "websocket";
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return;
        }

        if (!IsOriginAllowed(context.Request))
        {
            topic.CountRefused("origin");
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        using TopicConnection? connection = topic.TryJoin("websocket");
        if (connection is null)
        {
            RealtimeRegistration.RefuseFull(context);
            return;
        }

        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        await TalkAsync(socket, topic, connection, context.RequestAborted);
    }

    private async Task TalkAsync(WebSocket socket, RealtimeTopic topic, TopicConnection connection, CancellationToken aborted)
    {
        using CancellationTokenSource done = CancellationTokenSource.CreateLinkedTokenSource(aborted, _lifetime.ApplicationStopping);
        done.CancelAfter(_options.ConnectionAgeMax);
        Task<bool> reading = ReadUntilCloseAsync(socket, done);
        bool sound = await SendFramesAsync(socket, topic, connection, done.Token);
        if (!sound || aborted.IsCancellationRequested)
        {
            socket.Abort();
        }
        else
        {
            await CloseAsync(socket, reading);
        }

        await done.CancelAsync();
        await reading;
    }

    // True when the connection ended in peace and may be closed with a handshake; false when the peer is dead.
    private async Task<bool> SendFramesAsync(WebSocket socket, RealtimeTopic topic, TopicConnection connection, CancellationToken done)
    {
        try
        {
            TopicFrame? frame = topic.First();
            while (true)
            {
                if (frame is not null && !await SendAsync(socket, topic, frame))
                {
                    return false;
                }

                frame = await connection.TakeAsync(done);
            }
        }
        catch (OperationCanceledException) when (done.IsCancellationRequested)
        {
            return true;
        }
    }

    private async Task<bool> SendAsync(WebSocket socket, RealtimeTopic topic, TopicFrame frame)
    {
        if (socket.State != WebSocketState.Open)
        {
            return socket.State == WebSocketState.CloseReceived;
        }

        using CancellationTokenSource timeout = new(_options.SendTimeout);
        try
        {
            await socket.SendAsync(frame.Bytes, WebSocketMessageType.Text, endOfMessage: true, timeout.Token);
            topic.CountSent();
            return true;
        }
        catch (Exception exception) when (IsBroken(exception))
        {
            topic.CountDropped();
            _log.PeerDropped(topic.Name, exception.GetType().Name);
            return false;
        }
    }

    // Runs until the client closes, dies or talks too much; then ends the sender too. True when the client sent a close frame.
    private static async Task<bool> ReadUntilCloseAsync(WebSocket socket, CancellationTokenSource done)
    {
        byte[] buffer = new byte[1_024];
        int bytesLeft = 64 * 1_024;
        try
        {
            while (bytesLeft > 0)
            {
                // No token: a cancelled receive aborts the socket, and then no close frame could be sent.
                ValueWebSocketReceiveResult result = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                if (result.MessageType == WebSocketMessageType.Close)
                {
                    return true;
                }

                bytesLeft -= Math.Max(1, result.Count);
            }

            return false;
        }
        catch (Exception exception) when (IsBroken(exception))
        {
            return false;
        }
        finally
        {
            await done.CancelAsync();
        }
    }

    private static bool IsBroken(Exception exception) =>
        exception is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException;

    private async Task CloseAsync(WebSocket socket, Task<bool> reading)
    {
        using CancellationTokenSource timeout = new(_options.CloseTimeout);
        try
        {
            bool clientClosed = socket.State == WebSocketState.CloseReceived;
            if (clientClosed || socket.State == WebSocketState.Open)
            {
                await socket.CloseOutputAsync(
                    clientClosed ? WebSocketCloseStatus.NormalClosure : WebSocketCloseStatus.EndpointUnavailable,
                    clientClosed ? null : "reconnect",
                    timeout.Token);
                await reading.WaitAsync(timeout.Token);
            }
        }
        catch (Exception exception) when (IsBroken(exception))
        {
            // The peer is gone already, or doesn't answer.
        }
        finally
        {
            socket.Abort();
        }
    }

    // Cookies go along with a WebSocket from any page, and CORS does not apply: without this a foreign page could read the stream.
    private bool IsOriginAllowed(HttpRequest request)
    {
        string origin = request.Headers.Origin.ToString();
        if (origin.Length == 0)
        {
            return true;
        }

        return (Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri)
                && string.Equals(HostString.FromUriComponent(uri).Value, WithoutDefaultPort(request), StringComparison.OrdinalIgnoreCase))
            || _options.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase);
    }

    private static string? WithoutDefaultPort(HttpRequest request) =>
        Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out Uri? own) ? HostString.FromUriComponent(own).Value : null;
}
