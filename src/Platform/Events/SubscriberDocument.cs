namespace Iskra.Platform.Events;

/// <summary>A subscriber as the API shows it.</summary>
/// <param name="Name">As <see cref="IEventSubscriber.Name"/>; <c>iskra.publisher</c> is what carries events to the broker.</param>
/// <param name="Source">Where its events come from now.</param>
/// <param name="IsRunning">Whether a process runs it now.</param>
/// <param name="Lag">Events in the outbox that it has not had, of any type; behind the broker, those not published yet.</param>
/// <param name="Parked">Events that failed too often, and those behind them.</param>
/// <param name="Failures">Failed attempts since it exists.</param>
/// <param name="LastErrorKind">The type of the last failure; never its message.</param>
/// <param name="LastFailedAt">When that was.</param>
internal sealed record SubscriberDocument(
    string Name,
    SubscriberSource Source,
    bool IsRunning,
    long Lag,
    long Parked,
    long Failures,
    string? LastErrorKind,
    DateTimeOffset? LastFailedAt);

/// <summary>Where a subscriber's events come from.</summary>
internal enum SubscriberSource
{
    /// <summary>From the database, in this process.</summary>
    Outbox = 0,

    /// <summary>From its queue in the broker.</summary>
    Broker = 1,
}
