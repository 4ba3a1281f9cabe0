using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Iskra.Platform.Events;

/// <summary>
/// Makes a subscriber's queue and its dead-letter queue: a quorum queue where the server has them, else a durable classic one. Each attempt
/// has a channel of its own, because a refused declaration closes the channel.
/// </summary>
internal sealed class QueueDeclaration
{
    private readonly BrokerConnection _broker;
    private readonly IEventSubscriber _subscriber;
    private readonly EventsOptions _options;
    private readonly ILogger _log;

    public QueueDeclaration(BrokerConnection broker, IEventSubscriber subscriber, EventsOptions options, ILogger log)
    {
        _broker = broker;
        _subscriber = subscriber;
        _options = options;
        _log = log;
    }

    private string Queue => _broker.Names.QueueOf(_subscriber.Name);

    /// <summary>True when the queue was not there: what was published before is not in it.</summary>
    public async Task<bool> EnsureAsync(CancellationToken cancellationToken)
    {
        bool isNew = !await ExistsAsync(cancellationToken);
        if (isNew)
        {
            await MakeAsync(cancellationToken);
        }

        await using BrokerChannel held = await _broker.OpenChannelAsync(withConfirms: false, cancellationToken);
        IChannel channel = held.Channel;
        string dead = _broker.Names.DeadQueueOf(_subscriber.Name);
        await _broker.Names.DeclareExchangesAsync(channel, cancellationToken);
        await channel.QueueDeclareAsync(dead, durable: true, exclusive: false, autoDelete: false, cancellationToken: cancellationToken);
        await channel.QueueBindAsync(dead, _broker.Names.DeadExchange, Queue, cancellationToken: cancellationToken);
        await BindTypesAsync(channel, cancellationToken);
        return isNew;
    }

    /// <summary>
    /// Binds the queue if it is there. The publisher does this before it publishes on a new connection: a broker that was killed may have
    /// kept the queue and forgotten a binding, and what is published meanwhile would be confirmed and dropped. A queue that is gone needs
    /// nothing here: its subscriber makes it anew and catches up from the outbox.
    /// </summary>
    public async Task BindAsync(CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(cancellationToken))
        {
            return;
        }

        await using BrokerChannel held = await _broker.OpenChannelAsync(withConfirms: false, cancellationToken);
        await BindTypesAsync(held.Channel, cancellationToken);
    }

    private async Task BindTypesAsync(IChannel channel, CancellationToken cancellationToken)
    {
        foreach (string type in _subscriber.Types)
        {
            await channel.QueueBindAsync(Queue, _broker.Names.Exchange, type, cancellationToken: cancellationToken);
        }
    }

    private async Task<bool> ExistsAsync(CancellationToken cancellationToken)
    {
        await using BrokerChannel held = await _broker.OpenChannelAsync(withConfirms: false, cancellationToken);
        IChannel channel = held.Channel;
        try
        {
            await channel.QueueDeclarePassiveAsync(Queue, cancellationToken);
            return true;
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return false;
        }
    }

    private async Task MakeAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, object?> common = new(StringComparer.Ordinal)
        {
            ["x-dead-letter-exchange"] = _broker.Names.DeadExchange,
            ["x-dead-letter-routing-key"] = Queue,
            // One consumer at a time, whoever holds the lease: order survives a process that doesn't know yet that it lost it.
            ["x-single-active-consumer"] = true,
            // A subscriber that never comes back must not fill the broker's disk, as it must not fill ours.
            ["x-expires"] = (long)_options.UndeliveredRetention.TotalMilliseconds,
        };
        try
        {
            await DeclareAsync(
                new Dictionary<string, object?>(common, StringComparer.Ordinal)
                {
                    ["x-queue-type"] = "quorum",
                    ["x-delivery-limit"] = _options.BrokerDeliveryMax,
                },
                cancellationToken);
        }
        catch (OperationInterruptedException exception)
        {
            _log.ClassicQueue(Queue, $"{exception.ShutdownReason?.ReplyCode}");
            await DeclareAsync(common, cancellationToken);
        }
    }

    private async Task DeclareAsync(Dictionary<string, object?> arguments, CancellationToken cancellationToken)
    {
        await using BrokerChannel held = await _broker.OpenChannelAsync(withConfirms: false, cancellationToken);
        IChannel channel = held.Channel;
        await _broker.Names.DeclareExchangesAsync(channel, cancellationToken);
        await channel.QueueDeclareAsync(
            Queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellationToken);
    }
}
