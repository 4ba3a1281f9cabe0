using System.Diagnostics.Metrics;

namespace Iskra.Platform.Data;

/// <summary>The meter <c>Iskra.Data</c>. The database opens before the host exists, so the meter belongs to the database.</summary>
internal sealed class DataMetrics : IDisposable
{
    public const string MeterName = "Iskra.Data";

    private static readonly double[] DurationBounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    private static readonly int[] SizeBounds = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000];

    private readonly Counter<long> _writesRejected;
    private readonly Histogram<int> _commitSize;
    private readonly Histogram<double> _commitDuration;
    private readonly Counter<long> _readWaits;
    private readonly Counter<long> _replicaFallbacks;

    public DataMetrics()
    {
        Meter = new Meter(MeterName, typeof(DataMetrics).Assembly.GetName().Version?.ToString(3));
        _writesRejected = Meter.CreateCounter<long>("iskra.data.write.rejected", "{write}", "Writes refused: the queue was full.");
        _commitSize = Meter.CreateHistogram(
            "iskra.data.commit.size",
            "{write}",
            "Writes that shared one transaction.",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = SizeBounds });
        _commitDuration = Meter.CreateHistogram(
            "iskra.data.commit.duration",
            "s",
            "From the start of a transaction until it is durable.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBounds });
        _readWaits = Meter.CreateCounter<long>("iskra.data.read.waits", "{read}", "Reads that found every connection busy and waited.");
        _replicaFallbacks = Meter.CreateCounter<long>(
            "iskra.data.replica.fallbacks",
            "{read}",
            "Reads that the primary answered because a replica failed.");
    }

    public Meter Meter { get; }

    public void ObserveWriteQueue(Func<int> depth, int limit)
    {
        Meter.CreateObservableGauge("iskra.data.write.queue.depth", depth, "{write}", "Writes that wait for the writer.");
        Meter.CreateObservableGauge("iskra.data.write.queue.limit", () => limit, "{write}", "Writes that may wait for the writer.");
    }

    public void WriteRejected() => _writesRejected.Add(1);

    public void ReadWaited() => _readWaits.Add(1);

    public void ReplicaFallback() => _replicaFallbacks.Add(1);

    public void Committed(int writes, TimeSpan duration)
    {
        _commitSize.Record(writes);
        _commitDuration.Record(duration.TotalSeconds);
    }

    public void Dispose() => Meter.Dispose();
}
