namespace Iskra.Modules.Cards.Posting;

/// <summary>
/// Chooses how many transfers share a commit and how long a small group may wait. Large groups cost latency, small ones cost an fsync
/// each: the size moves towards a commit time, and the wait is spent only where callers are known to come back at once.
/// </summary>
internal sealed class BatchSizer
{
    private readonly PostingOptions _options;
    private int _lastRequests;
    private TimeSpan _lastCommit;

    public BatchSizer(PostingOptions options)
    {
        _options = options;
        Size = options.CommitTransfersMin;
    }

    /// <summary>Transfers that the next commit may take.</summary>
    public int Size { get; private set; }

    /// <summary>Transfers per second over the last commits, smoothed; 0 before the first.</summary>
    public double TransfersPerSecond { get; private set; }

    /// <summary>How long to wait for more requests than the number that waits now.</summary>
    public TimeSpan Wait(int waitingRequests)
    {
        // Callers that were answered together tend to return together; alone, a caller never waits for anybody.
        if (_lastRequests < 4 || waitingRequests * 2 >= _lastRequests)
        {
            return TimeSpan.Zero;
        }

        TimeSpan limit = TimeSpan.FromMicroseconds(_options.GatherMicrosecondsMax);
        TimeSpan share = _lastCommit / 8;
        return share < limit ? share : limit;
    }

    public void Observe(int requests, int transfers, TimeSpan commit)
    {
        _lastRequests = requests;
        _lastCommit = commit;
        if (transfers > 0 && commit > TimeSpan.Zero)
        {
            double rate = transfers / commit.TotalSeconds;
            TransfersPerSecond = TransfersPerSecond == 0 ? rate : (0.9 * TransfersPerSecond) + (0.1 * rate);
        }

        TimeSpan target = TimeSpan.FromMilliseconds(_options.CommitTargetMilliseconds);
        if (commit > target * 2)
        {
            Size = Math.Max(_options.CommitTransfersMin, Size / 2);
        }
        else if (commit < target && transfers >= Size)
        {
            Size = Math.Min(_options.CommitTransfersMax, Size + Math.Max(1, Size / 4));
        }
    }
}
