using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Iskra.Platform.Events;

/// <summary>
/// Runs one subscriber from its queue. Before the queue it catches up from the outbox when it is new, when its queue is (the broker may
/// have lost it) or when an operator asked for a replay; the inbox drops what comes both ways.
/// </summary>
internal sealed class BrokerQueue
{
    private readonly IEventSubscriber _subscriber;
    private readonly BrokerConnection _broker;
    private readonly SubscriberDelivery _delivery;
    private readonly EventServices _services;
    private readonly EventsOptions _options;
    private readonly ILogger _log;
    private readonly HashSet<string> _types;
    private readonly KeyValuePair<string, object?> _tag;
    private long _checkedAt;

    public BrokerQueue(
        IEventSubscriber subscriber, BrokerConnection broker, SubscriberDelivery delivery, EventServices services, ILogger log)
    {
        _subscriber = subscriber;
        _broker = broker;
        _delivery = delivery;
        _services = services;
        _options = services.Options;
        _log = log;
        _types = subscriber.Types.ToHashSet(StringComparer.Ordinal);
        _tag = new KeyValuePair<string, object?>("subscriber", subscriber.Name);
    }

    private string Queue => _broker.Names.QueueOf(_subscriber.Name);

    public async Task RunAsync(long epoch, CancellationToken cancellationToken)
    {
        // The publisher's place is fixed before the queue exists and before the end of the catch-up: nothing falls between them.
        await _services.Cursors.OpenAsync(CursorStore.Publisher, EventStart.End, cancellationToken);
        int failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                bool isNew = await new QueueDeclaration(_broker, _subscriber, _options, _log).EnsureAsync(cancellationToken);
                await CatchUpAsync(epoch, isNew, cancellationToken);
                await DeadLetterDrain.RunAsync(_subscriber, _broker, _services, _log, cancellationToken);
                await _delivery.StartAsync(cancellationToken);
                await using BrokerChannel held = await _broker.OpenChannelAsync(withConfirms: false, cancellationToken);
                IChannel channel = held.Channel;
                failures = 0;
                await ConsumeAsync(epoch, channel, cancellationToken);
            }
            catch (Exception exception) when (exception is not LeaseLostException && !cancellationToken.IsCancellationRequested)
            {
                failures++;
                await Task.Delay(await _broker.FailedAsync(exception, failures), _services.Time, cancellationToken);
            }
        }
    }

    private async Task CatchUpAsync(long epoch, bool isNew, CancellationToken cancellationToken)
    {
        CursorRow row = await _services.Cursors.OpenAsync(_subscriber.Name, _subscriber.StartAt, cancellationToken);
        if (row.ThroughBroker != 0 && !isNew)
        {
            return;
        }

        if (row.ThroughBroker == 0)
        {
            // A replay forgets again what the queue brought between the operator's wish and this moment, so that order is kept.
            await _services.Database.WriteAsync(
                async session =>
                {
                    await _services.Cursors.CheckAsync(session, _subscriber.Name, epoch);
                    await InboxStore.ForgetAsync(session, _subscriber.Name, row.Cursor);
                },
                cancellationToken);
        }

        EventCursor target = await _services.Outbox.EndAsync(cancellationToken);
        EventCursor cursor = row.Cursor;
        while (!cursor.HasPassed(target))
        {
            EventPage page = await _services.Outbox.ReadAsync(cursor, _subscriber.Types, _options.BatchMax, cancellationToken);
            if (page.Events.Count > 0)
            {
                await _delivery.DeliverAsync(page.Events, new DeliveryPlace(epoch, page, UsesInbox: true), cancellationToken);
            }

            // A cursor that stands still has had everything that is there.
            cursor = page.Cursor == page.Start && !page.MayHaveMore ? target : page.Cursor;
        }

        await _services.Cursors.SaveAsync(_subscriber.Name, epoch, cursor, throughBroker: true, cancellationToken);
        _log.CaughtUp(_subscriber.Name);
    }

    private async Task ConsumeAsync(long epoch, IChannel channel, CancellationToken cancellationToken)
    {
        // Bounded by the prefetch limit: the broker holds back what is over it.
        Channel<BasicDeliverEventArgs> arrived = Channel.CreateUnbounded<BasicDeliverEventArgs>();
        AsyncEventingBasicConsumer consumer = new(channel);
        consumer.ReceivedAsync += (_, delivered) =>
        {
            // The client takes the body back when this returns.
            arrived.Writer.TryWrite(new BasicDeliverEventArgs(
                delivered.ConsumerTag,
                delivered.DeliveryTag,
                delivered.Redelivered,
                delivered.Exchange,
                delivered.RoutingKey,
                delivered.BasicProperties,
                delivered.Body.ToArray()));
            return Task.CompletedTask;
        };
        consumer.UnregisteredAsync += (_, _) => CompleteAsync(arrived);
        channel.ChannelShutdownAsync += (_, _) => CompleteAsync(arrived);
        await channel.BasicQosAsync(0, (ushort)_options.BrokerPrefetchMax, global: false, cancellationToken)
            .WaitAsync(_options.BrokerOperationTimeout, cancellationToken);
        await channel.BasicConsumeAsync(Queue, autoAck: false, consumer, cancellationToken)
            .WaitAsync(_options.BrokerOperationTimeout, cancellationToken);
        while (await WaitAsync(arrived.Reader, cancellationToken))
        {
            if (arrived.Reader.TryPeek(out _))
            {
                await HandleAsync(epoch, channel, arrived.Reader, cancellationToken);
            }

            await CheckAsync(epoch, cancellationToken);
        }

        throw new IOException("The channel was closed.");
    }

    private static Task CompleteAsync(Channel<BasicDeliverEventArgs> arrived)
    {
        arrived.Writer.TryComplete();
        return Task.CompletedTask;
    }

    /// <summary>False when the channel is closed; true with a message, or without one when it is time for a check.</summary>
    private async Task<bool> WaitAsync(ChannelReader<BasicDeliverEventArgs> arrived, CancellationToken cancellationToken)
    {
        try
        {
            return await arrived.WaitToReadAsync(cancellationToken).AsTask()
                .WaitAsync(_options.PollInterval, _services.Time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return true;
        }
    }

    private async Task HandleAsync(
        long epoch, IChannel channel, ChannelReader<BasicDeliverEventArgs> arrived, CancellationToken cancellationToken)
    {
        List<StoredEvent> batch = [];
        ulong last = 0;
        int redelivered = 0;
        while (batch.Count < _options.BatchMax && arrived.TryRead(out BasicDeliverEventArgs? delivered))
        {
            redelivered += delivered.Redelivered ? 1 : 0;
            if (EventMessage.Read(delivered.BasicProperties, delivered.Body.Span) is not { } stored)
            {
                _services.Metrics.Unreadable.Add(1, _tag);
                _log.MessageUnreadable(Queue);
                await channel.BasicNackAsync(delivered.DeliveryTag, multiple: false, requeue: false, cancellationToken)
                    .AsTask().WaitAsync(_options.BrokerOperationTimeout, cancellationToken);
                continue;
            }

            last = delivered.DeliveryTag;
            if (_types.Contains(stored.Type))
            {
                batch.Add(stored);
            }
        }

        _services.Metrics.Redelivered.Add(redelivered, _tag);
        if (batch.Count > 0)
        {
            await DeliverAsync(epoch, batch, channel, cancellationToken);
        }

        if (last > 0)
        {
            await channel.BasicAckAsync(last, multiple: true, cancellationToken)
                .AsTask().WaitAsync(_options.BrokerOperationTimeout, cancellationToken);
        }
    }

    /// <summary>While the database is away the messages stay with us, unacknowledged, in their order.</summary>
    private async Task DeliverAsync(long epoch, List<StoredEvent> batch, IChannel channel, CancellationToken cancellationToken)
    {
        for (int failures = 1; ; failures++)
        {
            try
            {
                await _delivery.DeliverAsync(batch, new DeliveryPlace(epoch, Page: null, UsesInbox: true), cancellationToken);
                return;
            }
            catch (Exception exception) when (
                exception is not LeaseLostException && channel.IsOpen && !cancellationToken.IsCancellationRequested)
            {
                TimeSpan wait = SubscriberLoop.BackoffOf(failures, _options, Random.Shared.NextDouble());
                _log.DeliveryFailed(exception, _subscriber.Name, failures, (long)wait.TotalMilliseconds);
                await Task.Delay(wait, _services.Time, cancellationToken);
            }
        }
    }

    private async Task CheckAsync(long epoch, CancellationToken cancellationToken)
    {
        if (_services.Time.GetElapsedTime(_checkedAt) < _options.PollInterval)
        {
            return;
        }

        _checkedAt = _services.Time.GetTimestamp();
        if (await _services.Cursors.EpochAsync(_subscriber.Name, cancellationToken) != epoch)
        {
            throw new LeaseLostException(_subscriber.Name);
        }

        await _delivery.DrainParkedAsync(epoch, cancellationToken);
    }
}
