namespace Iskra.Platform.Events;

/// <summary>
/// Gets events in the order of their commits (always so for events of one key of one tenant), and from where it stopped after a restart.
/// Register it as a singleton with <see cref="EventsRegistration.AddEventSubscriber{T}"/>. One process of the installation at a time runs
/// a subscriber, unless its <see cref="Audience"/> says otherwise.
/// </summary>
public interface IEventSubscriber
{
    /// <summary>Names the cursor in the database and the queue in the broker: stable, unique, <c>module.purpose</c>, at most 100
    /// characters.</summary>
    string Name { get; }

    /// <summary>The event types that it wants.</summary>
    IReadOnlyList<string> Types { get; }

    /// <summary>Where it begins when it has no cursor yet.</summary>
    EventStart StartAt { get; }

    /// <summary>Whether one process of the installation gets each event, or every process does.</summary>
    EventAudience Audience => EventAudience.OneProcess;

    /// <summary>
    /// Handles a batch. When it throws, the batch comes again, event by event; an event that fails too often is parked, and the later
    /// events of its key behind it (docs/events.md). A process that dies between this call and the note that it succeeded brings the batch
    /// again: a handler must stand repeats, or be an <see cref="ITransactionalSubscriber"/>.
    /// </summary>
    Task HandleAsync(IReadOnlyList<StoredEvent> batch, CancellationToken cancellationToken);
}
