namespace Iskra.Platform.Data;

/// <summary>Instants as stored: <c>bigint</c> microseconds since 1970-01-01T00:00:00Z. Finer ticks are cut off.</summary>
public static class Instants
{
    /// <summary>The stored form of <paramref name="instant"/>, whatever its offset.</summary>
    public static long ToMicroseconds(DateTimeOffset instant)
    {
        long ticks = instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        // Floor, so that instants before 1970 are cut the same way as those after it.
        return (ticks - (((ticks % TimeSpan.TicksPerMicrosecond) + TimeSpan.TicksPerMicrosecond) % TimeSpan.TicksPerMicrosecond))
            / TimeSpan.TicksPerMicrosecond;
    }

    /// <summary>The instant in UTC.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Before year 1 or after year 9999.</exception>
    public static DateTimeOffset FromMicroseconds(long microseconds)
    {
        long limit = (DateTimeOffset.MaxValue.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(microseconds, limit);
        ArgumentOutOfRangeException.ThrowIfLessThan(microseconds, -DateTimeOffset.UnixEpoch.Ticks / TimeSpan.TicksPerMicrosecond);
        return new DateTimeOffset(DateTimeOffset.UnixEpoch.Ticks + (microseconds * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
    }

    /// <summary>Now, as stored.</summary>
    public static long NowMicroseconds(this TimeProvider timeProvider) => ToMicroseconds(timeProvider.GetUtcNow());
}
