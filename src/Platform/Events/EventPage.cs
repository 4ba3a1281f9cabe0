namespace Iskra.Platform.Events;

/// <summary>What one read of the outbox gave.</summary>
/// <param name="Events">In the order of delivery; may be empty.</param>
/// <param name="Start">Where it was read from.</param>
/// <param name="Cursor">Where the subscriber stands once it has handled them.</param>
/// <param name="MayHaveMore">The page was full, or a further window of generations is waiting.</param>
internal sealed record EventPage(IReadOnlyList<StoredEvent> Events, EventCursor Start, EventCursor Cursor, bool MayHaveMore)
{
    /// <summary>Where the subscriber stands once it has handled the page up to one of its events.</summary>
    public EventCursor After(StoredEvent handled) => handled.Id == Events[^1].Id ? Cursor : Start with { Position = handled.Id };
}
