using Iskra.Platform.Telemetry;

namespace Iskra.Platform.Jobs;

/// <summary>One type's counters and distributions in this process. Recording is lock-free.</summary>
internal sealed class TypeFigures(string type)
{
    private readonly long[] _wait = new long[FineBuckets.Count];
    private readonly long[] _run = new long[FineBuckets.Count];
    private readonly long[] _total = new long[FineBuckets.Count];
    private long _ended;
    private long _done;
    private long _failures;
    private long _targetMisses;
    private long _overruns;

    public void Waited(TimeSpan duration) => Count(_wait, duration);

    public void Ran(TimeSpan duration) => Count(_run, duration);

    public void Ended(JobState state, TimeSpan total)
    {
        Interlocked.Increment(ref _ended);
        if (state == JobState.Done)
        {
            Interlocked.Increment(ref _done);
        }

        Count(_total, total);
    }

    public void Failed() => Interlocked.Increment(ref _failures);

    public void TargetMissed() => Interlocked.Increment(ref _targetMisses);

    public void Overran() => Interlocked.Increment(ref _overruns);

    public JobTypeSla Read() => new(
        type,
        Interlocked.Read(ref _ended),
        Interlocked.Read(ref _done),
        Interlocked.Read(ref _failures),
        Interlocked.Read(ref _targetMisses),
        Interlocked.Read(ref _overruns),
        Percentiles(_wait),
        Percentiles(_run),
        Percentiles(_total));

    private static void Count(long[] buckets, TimeSpan duration) =>
        Interlocked.Increment(ref buckets[FineBuckets.IndexOf(duration.TotalSeconds)]);

    private static JobPercentiles Percentiles(long[] buckets)
    {
        HistogramSnapshot snapshot = new([.. buckets]);
        return new JobPercentiles(At(snapshot, 0.5), At(snapshot, 0.95), At(snapshot, 0.99));
    }

    private static TimeSpan? At(HistogramSnapshot snapshot, double quantile) =>
        snapshot.Quantile(quantile) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}
