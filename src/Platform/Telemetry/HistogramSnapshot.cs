namespace Iskra.Platform.Telemetry;

/// <summary>
/// The distribution of one histogram instrument, over all its label sets, since the process started or between two snapshots.
/// Immutable. Quantiles come from fine buckets and are within 5 % of a true one (for values from 1e-9 to 1.7e10).
/// </summary>
public sealed class HistogramSnapshot
{
    private readonly long[] _counts;

    internal HistogramSnapshot(long[] counts)
    {
        _counts = counts;
        long total = 0;
        foreach (long count in counts)
        {
            total += count;
        }

        Count = total;
    }

    /// <summary>No measurement at all.</summary>
    public static HistogramSnapshot Empty { get; } = new([]);

    /// <summary>The number of measurements.</summary>
    public long Count { get; }

    /// <summary>The measurements made after <paramref name="earlier"/> was taken from the same instrument.</summary>
    public HistogramSnapshot Since(HistogramSnapshot earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        if (earlier._counts.Length == 0 || _counts.Length == 0)
        {
            return this;
        }

        long[] delta = new long[_counts.Length];
        for (int i = 0; i < delta.Length; i++)
        {
            delta[i] = Math.Max(0, _counts[i] - earlier._counts[i]);
        }

        return new HistogramSnapshot(delta);
    }

    /// <summary>
    /// The smallest value that at least the share <paramref name="quantile"/> of all measurements don't exceed; null when there are
    /// none.
    /// </summary>
    /// <param name="quantile">From 0 to 1.</param>
    public double? Quantile(double quantile)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(quantile);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quantile, 1);
        if (Count == 0)
        {
            return null;
        }

        long rank = Math.Max(1, (long)Math.Ceiling(quantile * Count));
        long seen = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank)
            {
                return FineBuckets.Representative(i);
            }
        }

        return FineBuckets.Representative(_counts.Length - 1);
    }
}
