using System.Threading.Channels;

namespace Iskra.Platform.Realtime;

/// <summary>
/// A connection's place in a topic: one slot that holds the newest frame. A publisher never waits; a frame that was not taken before the
/// next one came is skipped.
/// </summary>
internal sealed class TopicConnection : IDisposable
{
    private readonly RealtimeTopic _topic;
    private readonly string _transport;
    private readonly Channel<TopicFrame> _slot;
    private int _disposed;

    public TopicConnection(RealtimeTopic topic, string transport, Action skipped)
    {
        _topic = topic;
        _transport = transport;
        _slot = Channel.CreateBounded<TopicFrame>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => skipped());
    }

    public string Transport => _transport;

    public void Offer(TopicFrame frame) => _slot.Writer.TryWrite(frame);

    /// <summary>The newest frame that this connection has not had; waits for one.</summary>
    public ValueTask<TopicFrame> TakeAsync(CancellationToken cancellationToken) => _slot.Reader.ReadAsync(cancellationToken);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _topic.Leave(this);
        }
    }
}
