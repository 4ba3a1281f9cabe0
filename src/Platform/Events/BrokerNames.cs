using RabbitMQ.Client;

namespace Iskra.Platform.Events;

/// <summary>What exchanges and queues are called in the broker, so that several installations can share one.</summary>
internal sealed class BrokerNames(string prefix)
{
    /// <summary>The topic exchange of all events; the routing key is the event's type.</summary>
    public string Exchange { get; } = $"{prefix}.events";

    /// <summary>The direct exchange of what a queue could not deliver; the routing key is the queue's name.</summary>
    public string DeadExchange { get; } = $"{prefix}.events.dead";

    public string QueueOf(string subscriber) => $"{prefix}.events.{subscriber}";

    public string DeadQueueOf(string subscriber) => $"{prefix}.dead.{subscriber}";

    public async Task DeclareExchangesAsync(IChannel channel, CancellationToken cancellationToken)
    {
        await channel.ExchangeDeclareAsync(Exchange, ExchangeType.Topic, durable: true, cancellationToken: cancellationToken);
        await channel.ExchangeDeclareAsync(DeadExchange, ExchangeType.Direct, durable: true, cancellationToken: cancellationToken);
    }
}
