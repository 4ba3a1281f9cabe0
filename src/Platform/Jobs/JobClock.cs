using Iskra.Platform.Data;

namespace Iskra.Platform.Jobs;

/// <summary>
/// The instant that counts for jobs. On PostgreSQL the server's, carried on by this process's monotonic clock from each heartbeat to the
/// next: processes whose clocks differ or jump agree all the same. On SQLite there is one process, and its clock is the only one.
/// </summary>
internal sealed class JobClock
{
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private (long Instant, long Timestamp)? _anchor;

    public JobClock(TimeProvider time) => _time = time;

    public long Now
    {
        get
        {
            lock (_gate)
            {
                return _anchor is { } anchor
                    ? anchor.Instant + (_time.GetElapsedTime(anchor.Timestamp).Ticks / TimeSpan.TicksPerMicrosecond)
                    : _time.NowMicroseconds();
            }
        }
    }

    public TimeProvider Time => _time;

    /// <summary>Takes over the server's clock.</summary>
    public void Anchor(long serverNow)
    {
        lock (_gate)
        {
            _anchor = (serverNow, _time.GetTimestamp());
        }
    }
}
