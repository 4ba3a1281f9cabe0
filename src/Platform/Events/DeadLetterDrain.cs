using Iskra.Platform.Data;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace Iskra.Platform.Events;

/// <summary>
/// Brings events from a subscriber's dead-letter queue, where the broker puts what killed every process that took it, to the parked events,
/// so that there is one list of dead letters. What is no event stays in the queue for the broker's own tools.
/// </summary>
internal static class DeadLetterDrain
{
    public const string ErrorKind = "DeliveryLimit";

    public static async Task RunAsync(
        IEventSubscriber subscriber, BrokerConnection broker, EventServices services, ILogger log, CancellationToken cancellationToken)
    {
        string queue = broker.Names.DeadQueueOf(subscriber.Name);
        // What is not acknowledged when the channel closes is in the queue again.
        await using BrokerChannel held = await broker.OpenChannelAsync(withConfirms: false, cancellationToken);
        IChannel channel = held.Channel;
        int taken = 0;
        while (await channel.BasicGetAsync(queue, autoAck: false, cancellationToken) is { } message)
        {
            if (EventMessage.Read(message.BasicProperties, message.Body.Span) is not { } stored)
            {
                continue;
            }

            await services.Database.WriteAsync(
                async session =>
                {
                    HashSet<long> added = await InboxStore.AddAsync(
                        session, subscriber.Name, [stored], services.Time.NowMicroseconds());
                    if (added.Count > 0)
                    {
                        await services.Parked.AddAsync(
                            session, subscriber.Name, stored, ParkedState.Failed, services.Options.BrokerDeliveryMax, ErrorKind);
                    }
                },
                cancellationToken);
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellationToken);
            taken++;
        }

        if (taken > 0)
        {
            services.Metrics.Dead.Add(taken, new KeyValuePair<string, object?>("subscriber", subscriber.Name));
            log.DeadLettersTaken(taken, queue);
        }
    }
}
