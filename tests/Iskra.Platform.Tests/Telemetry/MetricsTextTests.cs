using System.Diagnostics.Metrics;
using Iskra.Platform.Telemetry;
using Xunit;

namespace Iskra.Platform.Tests.Telemetry;

public sealed class MetricsTextTests
{
    [Fact]
    public void WriteText_EveryKindOfInstrument_IsPrometheusText()
    {
        using TestTelemetry telemetry = new();
        Counter<long> transfers = telemetry.Meter.CreateCounter<long>("app.transfers", "{transfer}", "Transfers.\nBy \\ result.");
        transfers.Add(3, new KeyValuePair<string, object?>("result", "ok"));
        transfers.Add(2, new KeyValuePair<string, object?>("result", "no \"funds\"\n\\"));
        telemetry.Meter.CreateUpDownCounter<int>("app.open").Add(-2);
        telemetry.Meter.CreateGauge<double>("app.share", "1").Record(0.25);
        telemetry.Meter.CreateObservableGauge("app.memory", () => 4_096L, "By", "Memory.");
        telemetry.Meter.CreateObservableCounter("app.cpu.time", () => 1.5, "s");
        Histogram<double> duration = telemetry.Meter.CreateHistogram(
            "app.duration", "s", "Time.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        duration.Record(0.1);
        duration.Record(0.5);
        duration.Record(7);

        Assert.Equal(
            """
            # TYPE app_cpu_time_seconds_total counter
            app_cpu_time_seconds_total 1.5
            # HELP app_duration_seconds Time.
            # TYPE app_duration_seconds histogram
            app_duration_seconds_bucket{le="0.1"} 1
            app_duration_seconds_bucket{le="1"} 2
            app_duration_seconds_bucket{le="+Inf"} 3
            app_duration_seconds_sum 7.6
            app_duration_seconds_count 3
            # HELP app_memory_bytes Memory.
            # TYPE app_memory_bytes gauge
            app_memory_bytes 4096
            # TYPE app_open gauge
            app_open -2
            # TYPE app_share_ratio gauge
            app_share_ratio 0.25
            # HELP app_transfers_total Transfers.\nBy \\ result.
            # TYPE app_transfers_total counter
            app_transfers_total{result="ok"} 3
            app_transfers_total{result="no \"funds\"\n\\"} 2

            """,
            telemetry.Text());
    }

    [Fact]
    public void WriteText_OpenMetrics_NamesFamiliesWithoutTotalAndEnds()
    {
        using TestTelemetry telemetry = new();
        telemetry.Meter.CreateCounter<long>("app.read", "By", "Bytes \"read\".").Add(7);
        telemetry.Meter.CreateHistogram<long>("app.size", advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [2] }).Record(1);

        Assert.Equal(
            """
            # HELP app_read_bytes Bytes \"read\".
            # TYPE app_read_bytes counter
            # UNIT app_read_bytes bytes
            app_read_bytes_total 7
            # TYPE app_size histogram
            app_size_bucket{le="2.0"} 1
            app_size_bucket{le="+Inf"} 1
            app_size_sum 1
            app_size_count 1
            # EOF

            """,
            telemetry.Text(MetricsTextFormat.OpenMetrics));
    }

    [Theory]
    [InlineData("http.server.request.duration", "s", "Histogram", "http_server_request_duration_seconds")]
    [InlineData("a.requests_total", null, "Counter", "a_requests_total")]
    [InlineData("a.bytes", "By", "Counter", "a_bytes_total")]
    [InlineData("rate", "By/s", "Gauge", "rate_bytes_per_second")]
    [InlineData("rate", "{transfer}/s", "Gauge", "rate_per_second")]
    [InlineData("used", "%", "Gauge", "used_percent")]
    [InlineData("9-lives..left", "{cat}", "Gauge", "_9_lives_left")]
    [InlineData("ratio", "1", "Counter", "ratio_total")]
    public void NameOf_NameAndUnit_FollowsTheRules(string name, string? unit, string kind, string expected) =>
        Assert.Equal(expected, PrometheusName.Of(name, unit, Enum.Parse<InstrumentKind>(kind)).Sample);

    [Fact]
    public void WriteText_LabelsThatBecomeOneName_AreJoined()
    {
        using TestTelemetry telemetry = new();
        telemetry.Meter.CreateCounter<long>("c").Add(
            1, new KeyValuePair<string, object?>("a.b", 1), new KeyValuePair<string, object?>("a-b", true), new("le", null));

        Assert.Contains("""c_total{a_b="1;true",tag_le=""} 1""", telemetry.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void WriteText_NamesThatCollide_KeepsTheFirstAndCountsTheOther()
    {
        using TestTelemetry telemetry = new(options => options.Meters.Add("Iskra.Telemetry"));
        telemetry.Meter.CreateCounter<long>("a.b").Add(1);
        telemetry.Meter.CreateUpDownCounter<long>("a_b").Add(5);

        string text = telemetry.Text();
        Assert.Contains("a_b_total 1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\na_b 5", text, StringComparison.Ordinal);
        Assert.Contains("iskra_telemetry_instruments_dropped_total 1", text, StringComparison.Ordinal);
    }

    [Fact]
    public void WriteText_ObservableSeriesNoLongerReported_IsGone()
    {
        using TestTelemetry telemetry = new();
        string shard = "1";
        telemetry.Meter.CreateObservableGauge(
            "depth", () => new Measurement<long>(4, new KeyValuePair<string, object?>("shard", shard)));
        Assert.Contains("depth{shard=\"1\"} 4", telemetry.Text(), StringComparison.Ordinal);

        shard = "2";
        string text = telemetry.Text();
        Assert.Contains("depth{shard=\"2\"} 4", text, StringComparison.Ordinal);
        Assert.DoesNotContain("shard=\"1\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void WriteText_ObservableThatFails_LeavesTheOthers()
    {
        using TestTelemetry telemetry = new(options => options.Meters.Add("Iskra.Telemetry"));
        telemetry.Meter.CreateObservableGauge<long>("bad", (Func<long>)(() => throw new InvalidOperationException("no")));
        telemetry.Meter.CreateObservableGauge("good", () => 1L);

        Assert.Contains("good 1", telemetry.Text(), StringComparison.Ordinal);
        Assert.Contains("iskra_telemetry_observation_failures_total", telemetry.Text(), StringComparison.Ordinal);
    }
}
