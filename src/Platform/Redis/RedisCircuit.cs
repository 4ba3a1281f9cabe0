namespace Iskra.Platform.Redis;

/// <summary>
/// Keeps callers off a server that fails: after a failure nobody asks for a while, then one caller tries. So a dead server costs one
/// time-out and not one for each request. Thread-safe.
/// </summary>
internal sealed class RedisCircuit(TimeProvider time, TimeSpan openTime)
{
    private const long Closed = long.MinValue;

    private long _openedAt = Closed;

    public bool IsOpen => Volatile.Read(ref _openedAt) != Closed;

    /// <summary>Whether the caller may ask the server.</summary>
    public bool TryEnter()
    {
        long openedAt = Volatile.Read(ref _openedAt);
        if (openedAt == Closed)
        {
            return true;
        }

        long now = time.GetTimestamp();
        return time.GetElapsedTime(openedAt, now) >= openTime
            && Interlocked.CompareExchange(ref _openedAt, now, openedAt) == openedAt;
    }

    public void Succeeded()
    {
        if (Volatile.Read(ref _openedAt) != Closed)
        {
            Volatile.Write(ref _openedAt, Closed);
        }
    }

    public void Failed() => Volatile.Write(ref _openedAt, time.GetTimestamp());
}
