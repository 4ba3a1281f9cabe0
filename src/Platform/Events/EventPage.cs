namespace Iskra.Platform.Events;

/// <summary>What one read of the outbox gave.</summary>
/// <param name="Events">In the order of delivery; may be empty.</param>
/// <param name="Cursor">Where the subscriber stands once it has handled them.</param>
/// <param name="MayHaveMore">The page was full, or a further window of transactions is waiting.</param>
internal sealed record EventPage(IReadOnlyList<StoredEvent> Events, EventCursor Cursor, bool MayHaveMore);
