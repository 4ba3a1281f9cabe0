namespace Iskra.Platform.Events;

/// <summary>Instants as the database keeps them: microseconds since 1970-01-01 UTC.</summary>
internal static class EventClock
{
    public static long ToMicroseconds(DateTimeOffset instant) => (instant - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset FromMicroseconds(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
}
