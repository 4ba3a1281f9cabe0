using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Realtime;

/// <summary>A topic as server-sent events: one event per frame, comments to keep a silent connection alive.</summary>
internal sealed class TopicEventStream
{
    private static readonly byte[] KeepAlive = ":\n\n"u8.ToArray();
    private static readonly byte[] End = "\n\n"u8.ToArray();

    private readonly RealtimeOptions _options;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly ILogger<TopicEventStream> _log;

    public TopicEventStream(IOptions<RealtimeOptions> options, IHostApplicationLifetime lifetime, ILogger<TopicEventStream> log)
    {
        _options = options.Value;
        _lifetime = lifetime;
        _log = log;
    }

    public async Task ServeAsync(HttpContext context, RealtimeTopic topic)
    {
        using TopicConnection? connection = topic.TryJoin("sse");
        if (connection is null)
        {
            RealtimeRegistration.RefuseFull(context);
            return;
        }

        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache, no-store";

        // A buffering proxy would hold frames back.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        using CancellationTokenSource done =
            CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _lifetime.ApplicationStopping);
        done.CancelAfter(_options.ConnectionAgeMax);
        if (!await SendEventsAsync(context.Response.BodyWriter, topic, connection, done.Token))
        {
            context.Abort();
        }
    }

    // False when the peer does not take what it is sent.
    private async Task<bool> SendEventsAsync(PipeWriter body, RealtimeTopic topic, TopicConnection connection, CancellationToken done)
    {
        // Spread out, so that a restart does not bring all clients back in one moment.
        int retry = Random.Shared.Next(1_000, 4_000);
        byte[] prefix = Encoding.UTF8.GetBytes($"event: {topic.Name}\ndata: ");
        byte[] greeting = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"retry: {retry}\n\n"));
        await body.WriteAsync(greeting, CancellationToken.None);
        try
        {
            TopicFrame? frame = topic.First();
            while (true)
            {
                if (!await FlushAsync(body, topic, prefix, frame))
                {
                    return done.IsCancellationRequested;
                }

                frame = await NextOrNullAsync(connection, done);
            }
        }
        catch (OperationCanceledException) when (done.IsCancellationRequested)
        {
            return true;
        }
    }

    private async Task<TopicFrame?> NextOrNullAsync(TopicConnection connection, CancellationToken done)
    {
        using CancellationTokenSource silence = CancellationTokenSource.CreateLinkedTokenSource(done);
        silence.CancelAfter(_options.KeepAliveInterval);
        try
        {
            return await connection.TakeAsync(silence.Token);
        }
        catch (OperationCanceledException) when (!done.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<bool> FlushAsync(PipeWriter body, RealtimeTopic topic, byte[] prefix, TopicFrame? frame)
    {
        using CancellationTokenSource timeout = new(_options.SendTimeout);
        try
        {
            if (frame is null)
            {
                await body.WriteAsync(KeepAlive, timeout.Token);
                return true;
            }

            Append(body, prefix);
            Append(body, frame.Bytes.Span);
            Append(body, End);
            FlushResult result = await body.FlushAsync(timeout.Token);
            topic.CountSent();
            return !result.IsCompleted;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            topic.CountDropped();
            _log.PeerDropped(topic.Name, exception.GetType().Name);
            return false;
        }
    }

    private static void Append(PipeWriter body, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(body.GetSpan(bytes.Length));
        body.Advance(bytes.Length);
    }
}
