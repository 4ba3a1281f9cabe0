namespace Iskra.Platform.Events;

/// <summary>A row of <c>events_cursors</c>.</summary>
internal sealed class CursorRow
{
    public string Subscriber { get; set; } = "";

    public long Position { get; set; }

    public long WindowFrom { get; set; }

    public long WindowTo { get; set; }

    public string Holder { get; set; } = "";

    public long Epoch { get; set; }

    public long HeldUntil { get; set; }

    /// <summary>1 when the subscriber lives from its queue in the broker; the cursor then tells where its last catch-up ended.</summary>
    public long ThroughBroker { get; set; }

    public long Failures { get; set; }

    public string? LastErrorKind { get; set; }

    public long? LastFailedAt { get; set; }

    public EventCursor Cursor => new(Position, WindowFrom, WindowTo);
}
