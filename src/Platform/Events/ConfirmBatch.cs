using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Iskra.Platform.Events;

/// <summary>
/// Publishes a batch without waiting in between, then waits until the broker has confirmed all of it. One batch at a time per channel:
/// events of one key then reach the queues in order even when a batch has to be repeated from its start.
/// </summary>
internal sealed class ConfirmBatch
{
    private readonly IChannel _channel;
    private readonly string _exchange;
    private readonly Lock _gate = new();
    private TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool[] _confirmed = [];
    private ulong _first;
    private int _left;

    public ConfirmBatch(IChannel channel, string exchange)
    {
        _exchange = exchange;
        _channel = channel;
        channel.BasicAcksAsync += OnAckAsync;
        channel.BasicNacksAsync += OnNackAsync;
        channel.ChannelShutdownAsync += OnShutdownAsync;
    }

    /// <summary>Returns when all are confirmed.</summary>
    /// <exception cref="IOException">
    /// The broker refused one, or the channel broke: nothing is known of the batch, publish it again.
    /// </exception>
    public async Task PublishAsync(
        IReadOnlyList<StoredEvent> events, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        await SendAsync(events, cancellationToken).WaitAsync(timeout, time, cancellationToken);
        Task done;
        lock (_gate)
        {
            done = _done.Task;
        }

#pragma warning disable VSTHRD003 // Completed by the client's reader.
        await done.WaitAsync(timeout, time, cancellationToken);
#pragma warning restore VSTHRD003
    }

    /// <summary>On a connection whose broker was killed this may never end: the caller waits for a time only.</summary>
    private async Task SendAsync(IReadOnlyList<StoredEvent> events, CancellationToken cancellationToken)
    {
        ulong first = await _channel.GetNextPublishSequenceNumberAsync(cancellationToken);
        Begin(first, events.Count);
        foreach (StoredEvent stored in events)
        {
            await _channel.BasicPublishAsync(
                _exchange,
                stored.Type,
                mandatory: false,
                EventMessage.PropertiesOf(stored),
                System.Text.Encoding.UTF8.GetBytes(stored.Payload),
                cancellationToken);
        }
    }

    private void Begin(ulong first, int count)
    {
        lock (_gate)
        {
            _first = first;
            _left = count;
            _confirmed = new bool[count];
            if (_channel.IsOpen)
            {
                _done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    private Task OnAckAsync(object sender, BasicAckEventArgs ack)
    {
        lock (_gate)
        {
            ulong from = ack.Multiple ? _first : ack.DeliveryTag;
            for (ulong tag = Math.Max(from, _first); tag <= ack.DeliveryTag && tag - _first < (ulong)_confirmed.Length; tag++)
            {
                if (!_confirmed[tag - _first])
                {
                    _confirmed[tag - _first] = true;
                    _left--;
                }
            }

            if (_left == 0)
            {
                _done.TrySetResult();
            }
        }

        return Task.CompletedTask;
    }

    private Task OnNackAsync(object sender, BasicNackEventArgs nack)
    {
        Fail(new IOException("The broker refused an event."));
        return Task.CompletedTask;
    }

    private Task OnShutdownAsync(object sender, ShutdownEventArgs shutdown)
    {
        Fail(new IOException("The channel was closed."));
        return Task.CompletedTask;
    }

    private void Fail(Exception exception)
    {
        lock (_gate)
        {
            _done.TrySetException(exception);
            _ = _done.Task.Exception;
        }
    }
}
