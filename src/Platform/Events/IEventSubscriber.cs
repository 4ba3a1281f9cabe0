namespace Iskra.Platform.Events;

/// <summary>
/// Gets events at least once, in the order of their commits, and from where it stopped after a restart. Register it as a singleton with
/// <see cref="EventsRegistration.AddEventSubscriber{T}"/>. One process at a time runs a subscriber.
/// </summary>
public interface IEventSubscriber
{
    /// <summary>Names the cursor in the database: stable, unique, <c>module.purpose</c>.</summary>
    string Name { get; }

    /// <summary>The event types that it wants.</summary>
    IReadOnlyList<string> Types { get; }

    /// <summary>Where it begins when it has no cursor yet.</summary>
    EventStart StartAt { get; }

    /// <summary>
    /// Handles a batch. When it throws, the whole batch comes again after a wait: a handler must stand repeats. Other subscribers are not
    /// held up.
    /// </summary>
    Task HandleAsync(IReadOnlyList<StoredEvent> batch, CancellationToken cancellationToken);
}
