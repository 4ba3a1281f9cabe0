using System.Diagnostics.Metrics;
using Iskra.Platform.Telemetry;
using Xunit;

namespace Iskra.Platform.Tests.Telemetry;

public sealed class MetricsCollectorTests
{
    [Fact]
    public void Record_MoreLabelSetsThanAllowed_GoToTheOverflowSeries()
    {
        using TestTelemetry telemetry = new(options =>
        {
            options.SeriesPerInstrumentMax = 3;
            options.Meters.Add("Iskra.Telemetry");
        });
        Counter<long> counter = telemetry.Meter.CreateCounter<long>("c");
        for (int i = 0; i < 10; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("user", $"u{i}"));
        }

        counter.Add(1, new KeyValuePair<string, object?>("user", "u0"));

        string text = telemetry.Text();
        Assert.Contains("c_total{user=\"u0\"} 2", text, StringComparison.Ordinal);
        Assert.Contains("c_total{overflow=\"true\"} 7", text, StringComparison.Ordinal);
        Assert.DoesNotContain("u3", text, StringComparison.Ordinal);
        Assert.Contains("iskra_telemetry_series_overflow_total 7", text, StringComparison.Ordinal);
        Assert.Equal(11, telemetry.Collector.Total("c"));
    }

    [Fact]
    public void Record_InstrumentsBeyondTheLimit_AreNotCollected()
    {
        using TestTelemetry telemetry = new(options => options.InstrumentsMax = 2);
        for (int i = 0; i < 4; i++)
        {
            telemetry.Meter.CreateCounter<long>($"c{i}").Add(1);
        }

        Assert.Equal(1, telemetry.Collector.Total("c1"));
        Assert.Equal(0, telemetry.Collector.Total("c2"));
        Assert.Equal(2, telemetry.Collector.InstrumentsDropped);
    }

    [Fact]
    public void Record_TagsInAnotherOrderOrType_AreOneSeries()
    {
        using TestTelemetry telemetry = new();
        Counter<long> counter = telemetry.Meter.CreateCounter<long>("c");
        counter.Add(1, new KeyValuePair<string, object?>("a", 1), new KeyValuePair<string, object?>("b", "x"));
        counter.Add(1, new KeyValuePair<string, object?>("b", "x"), new KeyValuePair<string, object?>("a", 1));
        counter.Add(1, new KeyValuePair<string, object?>("a", "1"), new KeyValuePair<string, object?>("b", "x"));

        Assert.Contains("c_total{a=\"1\",b=\"x\"} 3\n", telemetry.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Record_KnownLabelSet_AllocatesNothing()
    {
        using TestTelemetry telemetry = new();
        Counter<long> counter = telemetry.Meter.CreateCounter<long>("c");
        UpDownCounter<int> open = telemetry.Meter.CreateUpDownCounter<int>("o");
        Histogram<double> histogram = telemetry.Meter.CreateHistogram<double>("h", "s");
        Gauge<double> gauge = telemetry.Meter.CreateGauge<double>("g");
        KeyValuePair<string, object?> result = new("result", "ok");
        KeyValuePair<string, object?> status = new("status", 200);
        RecordAll(1_000);

        long before = GC.GetAllocatedBytesForCurrentThread();
        RecordAll(10_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(11_000, telemetry.Collector.Total("c"));

        void RecordAll(int times)
        {
            for (int i = 0; i < times; i++)
            {
                counter.Add(1, result, status);
                open.Add(1);
                histogram.Record(i / 1_000d, result);
                gauge.Record(i, status, result);
            }
        }
    }

    [Fact]
    public async Task Record_FromManyThreads_LosesNothing()
    {
        using TestTelemetry telemetry = new();
        Counter<long> whole = telemetry.Meter.CreateCounter<long>("whole");
        Counter<double> fractional = telemetry.Meter.CreateCounter<double>("fractional");
        Histogram<double> histogram = telemetry.Meter.CreateHistogram<double>("h");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(
            () =>
            {
                for (int i = 0; i < 20_000; i++)
                {
                    KeyValuePair<string, object?> tag = new("slot", i % 50);
                    whole.Add(1, tag);
                    fractional.Add(0.5, tag);
                    histogram.Record(i % 7, tag);
                }
            },
            TestContext.Current.CancellationToken)));

        Assert.Equal(80_000, telemetry.Collector.Total("whole"));
        Assert.Equal(40_000, telemetry.Collector.Total("fractional"));
        Assert.Equal(80_000, telemetry.Collector.Total("h"));
        Assert.Equal(80_000, telemetry.Collector.Histogram("h").Count);
    }

    [Fact]
    public void Total_WithFilter_SumsWhatFits()
    {
        using TestTelemetry telemetry = new();
        Histogram<double> histogram = telemetry.Meter.CreateHistogram<double>("h");
        histogram.Record(1, new KeyValuePair<string, object?>("code", 200));
        histogram.Record(1, new KeyValuePair<string, object?>("code", 503));
        histogram.Record(1, new KeyValuePair<string, object?>("code", 500));

        Assert.Equal(2, telemetry.Collector.Total("h", tags => tags.Any(tag => tag.Value is int and >= 500)));
        Assert.Equal(0, telemetry.Collector.Total("unknown"));
    }

    [Fact]
    public void Collector_MeterOfAnotherContainer_IsNotHeard()
    {
        using TestTelemetry telemetry = new();
        using TestTelemetry other = new();
        other.Meter.CreateCounter<long>("foreign").Add(1);

        Assert.Equal(0, telemetry.Collector.Total("foreign"));
        Assert.Equal(1, other.Collector.Total("foreign"));
    }

    [Fact]
    public void Record_NotANumber_LeavesTheSumUsable()
    {
        using TestTelemetry telemetry = new();
        Histogram<double> histogram = telemetry.Meter.CreateHistogram<double>("h");
        histogram.Record(double.NaN);
        histogram.Record(2);

        Assert.Contains("h_sum 2\n", telemetry.Text(), StringComparison.Ordinal);
    }
}
