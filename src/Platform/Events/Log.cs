using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Events;

/// <summary>Event ids 1400 to 1499.</summary>
internal static partial class Log
{
    [LoggerMessage(1400, LogLevel.Error, "Subscriber {Subscriber} failed; attempt {Attempt}.")]
    public static partial void SubscriberFailed(this ILogger log, Exception exception, string subscriber, int attempt);

    [LoggerMessage(1401, LogLevel.Information, "Subscriber {Subscriber} works again after {Failures} failures.")]
    public static partial void SubscriberRecovered(this ILogger log, string subscriber, int failures);

    [LoggerMessage(1403, LogLevel.Error, "Old events could not be deleted; the next attempt follows.")]
    public static partial void RetentionFailed(this ILogger log, Exception exception);

    [LoggerMessage(1404, LogLevel.Warning, "{Events} events were deleted although a subscriber had not had them.")]
    public static partial void EventsExpired(this ILogger log, long events);

    [LoggerMessage(
        1405, LogLevel.Error, "Delivery to {Subscriber} failed {Failures} times in a row; next attempt in {WaitMilliseconds} ms.")]
    public static partial void DeliveryFailed(
        this ILogger log, Exception exception, string subscriber, int failures, long waitMilliseconds);

    [LoggerMessage(
        1406,
        LogLevel.Error,
        "Event {EventId} ({EventType}) is parked for {Subscriber} after {Attempts} attempts; later events of its key wait.")]
    public static partial void EventParked(this ILogger log, string subscriber, long eventId, string eventType, int attempts);

    [LoggerMessage(
        1407, LogLevel.Error, "Event {EventId} ({EventType}) is skipped by {Subscriber} in this process after {Attempts} attempts.")]
    public static partial void EventSkipped(this ILogger log, string subscriber, long eventId, string eventType, int attempts);

    [LoggerMessage(1408, LogLevel.Information, "{Name} is run by another process, or its cursor was moved.")]
    public static partial void LeaseLost(this ILogger log, string name);

    [LoggerMessage(1409, LogLevel.Warning, "The lease of {Name} could not be handled; next attempt in {WaitMilliseconds} ms.")]
    public static partial void LeaseFailed(this ILogger log, Exception exception, string name, long waitMilliseconds);

    [LoggerMessage(1410, LogLevel.Information, "The broker at {Address} is connected.")]
    public static partial void BrokerConnected(this ILogger log, string address);

    [LoggerMessage(1411, LogLevel.Warning, "The broker at {Address} is away ({Reason}); next attempt in {WaitMilliseconds} ms.")]
    public static partial void BrokerAway(this ILogger log, string address, string reason, long waitMilliseconds);

    [LoggerMessage(1412, LogLevel.Warning, "Queue {Queue} is no quorum queue ({Reason}): it lives on one node of the broker.")]
    public static partial void ClassicQueue(this ILogger log, string queue, string reason);

    [LoggerMessage(1413, LogLevel.Warning, "A message of queue {Queue} is no event; it goes to the dead-letter queue.")]
    public static partial void MessageUnreadable(this ILogger log, string queue);

    [LoggerMessage(1414, LogLevel.Information, "Subscriber {Subscriber} has caught up from the outbox and goes on with its queue.")]
    public static partial void CaughtUp(this ILogger log, string subscriber);

    [LoggerMessage(1415, LogLevel.Warning, "Replay of {Subscriber} was asked for by {Caller}.")]
    public static partial void ReplayAsked(this ILogger log, string subscriber, string? caller);

    [LoggerMessage(1416, LogLevel.Warning, "{Events} events came from dead-letter queue {Queue} and are parked.")]
    public static partial void DeadLettersTaken(this ILogger log, int events, string queue);

    [LoggerMessage(1417, LogLevel.Warning, "The queue of {Subscriber} could not be bound ({Kind}); what is published may not reach it")]
    public static partial void QueueNotBound(this ILogger logger, string subscriber, string kind);
}
