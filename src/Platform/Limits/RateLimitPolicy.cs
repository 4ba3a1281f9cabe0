namespace Iskra.Platform.Limits;

/// <summary>
/// A limit by the generic cell rate algorithm (ITU-T I.371): <paramref name="permits"/> at once, which come back evenly within the
/// window. All in whole microseconds, so that every process and Redis's script compute the same.
/// </summary>
/// <param name="name">In headers, keys and metrics: lower-case letters and hyphens.</param>
/// <param name="number">Tells policies apart in memory.</param>
/// <param name="permits">From 1.</param>
/// <param name="window">At least one microsecond for each permit.</param>
internal sealed class RateLimitPolicy(string name, int number, int permits, TimeSpan window)
{
    public string Name { get; } = name;

    public int Number { get; } = number;

    public int Permits { get; } = permits;

    public long WindowSeconds { get; } = (long)Math.Ceiling(window.TotalSeconds);

    /// <summary>Microseconds in which one permit comes back.</summary>
    public long Interval { get; } = Math.Max(1, (long)window.TotalMicroseconds / permits);

    /// <summary>Microseconds in which all come back.</summary>
    public long Burst => Interval * Permits;

    /// <summary>
    /// The state of a caller whose used-up time is <paramref name="used"/> microseconds, after a request that was allowed or not.
    /// </summary>
    public RateLimitResult Result(bool isAllowed, long used)
    {
        long left = Math.Max(0, (Burst - used) / Interval);
        long wait = isAllowed ? 0 : Math.Max(0, used + Interval - Burst);
        return new RateLimitResult(this, isAllowed, left, TimeSpan.FromMicroseconds(used), TimeSpan.FromMicroseconds(wait));
    }
}

/// <summary>What became of one check.</summary>
/// <param name="Policy">Which limit.</param>
/// <param name="IsAllowed">Whether it has room.</param>
/// <param name="Remaining">Requests left now.</param>
/// <param name="Reset">When all are back, if none come.</param>
/// <param name="RetryAfter">When the next one is back, if it was refused.</param>
internal readonly record struct RateLimitResult(
    RateLimitPolicy Policy, bool IsAllowed, long Remaining, TimeSpan Reset, TimeSpan RetryAfter);

/// <summary>One limit to check for one caller.</summary>
/// <param name="Policy">Which limit.</param>
/// <param name="Id">Whose: an address, a tenant, a user or a key.</param>
internal readonly record struct RateLimitCheck(RateLimitPolicy Policy, UInt128 Id);
