using System.Numerics;

namespace Iskra.Bench;

/// <summary>Counts durations in microseconds, with an error below 1 %: 128 buckets for each power of two. Any thread may record.</summary>
internal sealed class LatencyHistogram
{
    private const int Exact = 256;
    private const int PerPower = 128;
    private readonly long[] _buckets = new long[Exact + (32 * PerPower)];
    private long _max;

    public long Count { get; private set; }

    public double MaxMs => _max / 1000.0;

    public void Record(long microseconds, int times = 1)
    {
        long value = Math.Max(0, microseconds);
        Interlocked.Add(ref _buckets[Math.Min(IndexOf(value), _buckets.Length - 1)], times);
        long max = Volatile.Read(ref _max);
        while (value > max)
        {
            long seen = Interlocked.CompareExchange(ref _max, value, max);
            if (seen == max)
            {
                break;
            }

            max = seen;
        }
    }

    /// <summary>The duration that the given share stays at or under, in milliseconds.</summary>
    public double QuantileMs(double quantile)
    {
        Count = _buckets.Sum();
        long rank = (long)Math.Ceiling(quantile * Count);
        long seen = 0;
        for (int index = 0; index < _buckets.Length; index++)
        {
            seen += _buckets[index];
            if (seen >= rank && seen > 0)
            {
                return Math.Min(UpperBound(index), _max) / 1000.0;
            }
        }

        return 0;
    }

    private static int IndexOf(long value)
    {
        if (value < Exact)
        {
            return (int)value;
        }

        int power = BitOperations.Log2((ulong)value);
        return Exact + ((power - 8) * PerPower) + (int)((value >> (power - 7)) - PerPower);
    }

    private static long UpperBound(int index)
    {
        if (index < Exact)
        {
            return index;
        }

        int power = ((index - Exact) / PerPower) + 8;
        long step = ((index - Exact) % PerPower) + PerPower;
        return ((step + 1) << (power - 7)) - 1;
    }
}
