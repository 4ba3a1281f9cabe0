using System.Diagnostics.Metrics;

namespace Iskra.Platform.Realtime;

/// <summary>
/// A stream of frames that everyone who is connected sees: the publisher serialises once, and the same bytes go to all. Thread-safe.
/// Made by <see cref="RealtimeHub.Topic"/>.
/// </summary>
public sealed class RealtimeTopic
{
    private readonly RealtimeMetrics _metrics;
    private readonly RealtimeOptions _options;
    private readonly Lock _gate = new();
    private readonly KeyValuePair<string, object?> _tag;
    private TopicConnection[] _connections = [];
    private TopicFrame? _latest;

    internal RealtimeTopic(string name, RealtimeOptions options, RealtimeMetrics metrics)
    {
        Name = name;
        _options = options;
        _metrics = metrics;
        _tag = new KeyValuePair<string, object?>("topic", name);
    }

    /// <summary>The topic's name in metrics and in the SSE event field.</summary>
    public string Name { get; }

    /// <summary>
    /// What a new connection sees first, for instance a snapshot with history; null for the latest frame. Called on the connection's
    /// thread.
    /// </summary>
    public Func<ReadOnlyMemory<byte>>? Welcome { get; set; }

    /// <summary>Open connections.</summary>
    public int ConnectionCount => Volatile.Read(ref _connections).Length;

    /// <summary>Gives the frame to all connections without waiting for any. The bytes must not change afterwards.</summary>
    /// <param name="frame">UTF-8 text without line breaks.</param>
    public void Publish(ReadOnlyMemory<byte> frame)
    {
        TopicFrame next = new(frame);
        Volatile.Write(ref _latest, next);
        foreach (TopicConnection connection in Volatile.Read(ref _connections))
        {
            connection.Offer(next);
        }
    }

    /// <summary>A new place in the topic, or null when it is full.</summary>
    internal TopicConnection? TryJoin(string transport)
    {
        KeyValuePair<string, object?> transportTag = new("transport", transport);
        lock (_gate)
        {
            if (_connections.Length < _options.ConnectionsPerTopicMax)
            {
                TopicConnection connection = new(this, transport, () => _metrics.FramesSkipped.Add(1, _tag));
                Volatile.Write(ref _connections, [.. _connections, connection]);
                _metrics.Connections.Add(1, _tag, transportTag);
                return connection;
            }
        }

        _metrics.Refused.Add(1, _tag, new KeyValuePair<string, object?>("reason", "full"));
        return null;
    }

    /// <summary>The first frame for a new connection; null when there is none yet.</summary>
    internal TopicFrame? First() => Welcome is { } welcome ? new TopicFrame(welcome()) : Volatile.Read(ref _latest);

    internal void Leave(TopicConnection connection)
    {
        lock (_gate)
        {
            Volatile.Write(ref _connections, [.. _connections.Where(other => other != connection)]);
        }

        _metrics.Connections.Add(-1, _tag, new KeyValuePair<string, object?>("transport", connection.Transport));
    }

    internal void CountSent() => _metrics.FramesSent.Add(1, _tag);

    internal void CountDropped() => _metrics.Dropped.Add(1, _tag);

    internal void CountRefused(string reason) => _metrics.Refused.Add(1, _tag, new KeyValuePair<string, object?>("reason", reason));
}
