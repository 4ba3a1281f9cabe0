namespace Iskra.Platform.Events;

/// <summary>
/// How far a subscriber has come. On SQLite: all ids up to <paramref name="Position"/>. On PostgreSQL ids become visible in the order of
/// commits, so an id below the position may appear later; there a cursor walks through windows of generations whose appenders have all
/// ended: it has had every generation below <paramref name="WindowFrom"/>, and of those from there to <paramref name="WindowTo"/>
/// (exclusive) the ids up to <paramref name="Position"/>.
/// </summary>
internal sealed record EventCursor(long Position, long WindowFrom, long WindowTo)
{
    public static EventCursor Beginning { get; } = new(0, 0, 0);

    /// <summary>Whether everything before <paramref name="target"/>, which is an end of the outbox, has been had.</summary>
    public bool HasPassed(EventCursor target) => WindowFrom >= target.WindowTo && (target.WindowTo > 0 || Position >= target.Position);
}
