using System.Diagnostics.Metrics;

namespace Iskra.Platform.Telemetry;

/// <summary>The exported buckets of a histogram: those that the instrument advises, or ones that suit its unit.</summary>
internal static class HistogramBounds
{
    private const int BoundsMax = 64;

    private static readonly double[] Seconds =
        [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 10];

    private static readonly double[] Milliseconds = [0.5, 1, 2.5, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 10_000];

    private static readonly double[] Bytes =
        [64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864, 268_435_456];

    private static readonly double[] Numbers = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000];

    public static double[] Of(Instrument instrument)
    {
        double[] advised = instrument switch
        {
            Instrument<double> typed => From(typed.Advice, value => value),
            Instrument<float> typed => From(typed.Advice, value => value),
            Instrument<decimal> typed => From(typed.Advice, value => (double)value),
            Instrument<long> typed => From(typed.Advice, value => value),
            Instrument<int> typed => From(typed.Advice, value => value),
            Instrument<short> typed => From(typed.Advice, value => value),
            Instrument<byte> typed => From(typed.Advice, value => value),
            _ => [],
        };
        if (advised.Length > 0)
        {
            return advised;
        }

        return instrument.Unit switch { "s" => Seconds, "ms" => Milliseconds, "By" => Bytes, _ => Numbers };
    }

    private static double[] From<T>(InstrumentAdvice<T>? advice, Func<T, double> convert)
        where T : struct => advice?.HistogramBucketBoundaries is { Count: > 0 } bounds
            ? [.. bounds.Select(convert).Where(double.IsFinite).Distinct().Order().Take(BoundsMax)]
            : [];
}
