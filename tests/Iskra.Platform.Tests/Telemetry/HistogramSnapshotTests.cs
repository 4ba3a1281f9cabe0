using System.Diagnostics.Metrics;
using Iskra.Platform.Telemetry;
using Xunit;

namespace Iskra.Platform.Tests.Telemetry;

public sealed class HistogramSnapshotTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Quantile_RandomDistributions_IsWithinFivePercent(int seed)
    {
        Random random = new(seed);
        for (int round = 0; round < 50; round++)
        {
            using TestTelemetry telemetry = new();
            Histogram<double> histogram = telemetry.Meter.CreateHistogram<double>("h");
            double scale = Math.Pow(10, (random.NextDouble() * 6) - 2);
            double[] values = [.. Enumerable.Range(0, random.Next(1, 2_000)).Select(_ => Next(random, round % 3) * scale)];
            foreach (double value in values)
            {
                histogram.Record(value);
            }

            Array.Sort(values);
            HistogramSnapshot snapshot = telemetry.Collector.Histogram("h");
            foreach (double quantile in (double[])[0, 0.01, 0.5, 0.9, 0.95, 0.99, 0.999, 1])
            {
                double exact = values[Math.Max(0, (int)Math.Ceiling(quantile * values.Length) - 1)];
                Assert.InRange(snapshot.Quantile(quantile)!.Value, exact * 0.95, exact * 1.05);
            }
        }
    }

    [Fact]
    public void Since_EarlierSnapshot_CountsOnlyWhatCameAfter()
    {
        using TestTelemetry telemetry = new();
        Histogram<double> histogram = telemetry.Meter.CreateHistogram<double>("h");
        histogram.Record(100);
        HistogramSnapshot before = telemetry.Collector.Histogram("h");
        histogram.Record(1);
        histogram.Record(1);

        HistogramSnapshot delta = telemetry.Collector.Histogram("h").Since(before);
        Assert.Equal(2, delta.Count);
        Assert.InRange(delta.Quantile(1)!.Value, 0.95, 1.05);
    }

    [Fact]
    public void Quantile_NoMeasurements_IsNull()
    {
        Assert.Null(HistogramSnapshot.Empty.Quantile(0.5));
        Assert.Null(HistogramSnapshot.Empty.Since(HistogramSnapshot.Empty).Quantile(0.5));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1e-300)]
    public void Quantile_ValuesBelowTheScale_IsZero(double value)
    {
        using TestTelemetry telemetry = new();
        telemetry.Meter.CreateHistogram<double>("h").Record(value);
        Assert.Equal(0, telemetry.Collector.Histogram("h").Quantile(0.5));
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(double.PositiveInfinity)]
    public void Quantile_ValuesAboveTheScale_IsItsEnd(double value)
    {
        using TestTelemetry telemetry = new();
        telemetry.Meter.CreateHistogram<double>("h").Record(value);
        Assert.Equal(Math.Pow(2, 34), telemetry.Collector.Histogram("h").Quantile(0.5));
    }

    private static double Next(Random random, int shape) => shape switch
    {
        0 => random.NextDouble() + 0.001,
        1 => -Math.Log(1 - random.NextDouble()) + 1e-6,
        _ => Math.Pow(10, random.NextDouble() * 4),
    };
}
