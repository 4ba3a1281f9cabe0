namespace Iskra.Platform.Telemetry;

/// <summary>
/// Log-linear buckets for quantiles: sixteen per power of two from 2^-30 (about a nanosecond in seconds) to 2^34. The index is the
/// exponent and the first four bits of the mantissa, so finding it costs a shift; answering with a bucket's middle is at most 1/32 off.
/// </summary>
internal static class FineBuckets
{
    /// <summary>
    /// Buckets in all. The first one holds zero, negatives and everything below 2^-30; the last one everything above 2^34.
    /// </summary>
    public const int Count = ((ExponentMax - ExponentMin) << SubBits) + 2;

    private const int SubBits = 4;
    private const int ExponentMin = -30;
    private const int ExponentMax = 34;
    private const int MantissaShift = 52 - SubBits;
    private const long KeyMin = (long)(1023 + ExponentMin) << SubBits;

    public static int IndexOf(double value)
    {
        if (!(value > 0))
        {
            return 0;
        }

        long key = (BitConverter.DoubleToInt64Bits(value) >> MantissaShift) - KeyMin;
        return key < 0 ? 0 : (int)Math.Min(key + 1, Count - 1);
    }

    /// <summary>The value that stands for all of a bucket's values.</summary>
    public static double Representative(int index)
    {
        if (index == 0)
        {
            return 0;
        }

        double lower = LowerBound(index);
        return index == Count - 1 ? lower : lower + ((LowerBound(index + 1) - lower) / 2);
    }

    private static double LowerBound(int index) => BitConverter.Int64BitsToDouble((index - 1 + KeyMin) << MantissaShift);
}
