namespace Iskra.Platform.Telemetry;

/// <summary>One label set of one instrument and its value. Written by any thread, lock-free.</summary>
internal sealed class MetricSeries
{
    private readonly long[]? _buckets;
    private long _integers;
    private double _fractions;

    public MetricSeries(KeyValuePair<string, object?>[] tags, string labels, int buckets)
    {
        Tags = tags;
        Labels = labels;
        _buckets = buckets > 0 ? new long[buckets] : null;
    }

    public KeyValuePair<string, object?>[] Tags { get; }

    /// <summary>The labels as Prometheus writes them, without braces; empty for none.</summary>
    public string Labels { get; }

    /// <summary>
    /// The observation in which an observable instrument last reported this series; a series that is not reported is gone.
    /// </summary>
    public long Round { get; set; }

    /// <summary>A sum of integers and fractions, kept apart so that integers stay exact and need one atomic add.</summary>
    public double Value => Interlocked.Read(ref _integers) + Volatile.Read(ref _fractions);

    public int BucketCount => _buckets?.Length ?? 0;

    public void Add(long value) => Interlocked.Add(ref _integers, value);

    public void Add(double value)
    {
        double seen = Volatile.Read(ref _fractions);
        while (true)
        {
            double before = Interlocked.CompareExchange(ref _fractions, seen + value, seen);
            if (before.Equals(seen))
            {
                return;
            }

            seen = before;
        }
    }

    public void Set(double value) => Volatile.Write(ref _fractions, value);

    public void Observe(int bucket, double value)
    {
        Interlocked.Increment(ref _buckets![bucket]);
        Add(value);
    }

    public long BucketAt(int index) => Interlocked.Read(ref _buckets![index]);

    public long CountAll()
    {
        long total = 0;
        for (int i = 0; i < BucketCount; i++)
        {
            total += BucketAt(i);
        }

        return total;
    }
}
