using Iskra.Platform.Data;

namespace Iskra.Platform.Events;

/// <summary>
/// A subscriber that changes the database and nothing else: its changes and the note that the events were handled are one transaction, so
/// each event takes effect exactly once, whatever dies when.
/// </summary>
public interface ITransactionalSubscriber : IEventSubscriber
{
    /// <inheritdoc/>
    Task IEventSubscriber.HandleAsync(IReadOnlyList<StoredEvent> batch, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A transactional subscriber is given a session.");

    /// <summary>
    /// Handles a batch in the transaction of <paramref name="session"/>; it must await nothing but the session. When it throws, everything
    /// is rolled back and the batch comes again, event by event.
    /// </summary>
    Task HandleAsync(DbSession session, IReadOnlyList<StoredEvent> batch);
}
