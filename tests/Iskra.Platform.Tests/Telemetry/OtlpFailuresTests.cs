using Iskra.Platform.Telemetry;
using Iskra.Testing;

namespace Iskra.Platform.Tests.Telemetry;

public sealed class OtlpFailuresTests
{
    [Fact]
    public void Failures_InABurst_AreAllCountedAndSaidOnceAMinute()
    {
        TestTimeProvider time = new();
        TestLog<OtlpFailures> log = new();
        using TestTelemetry telemetry = new(options => options.Meters.Add(TelemetryMetrics.MeterName));
        using OtlpFailures failures = new(telemetry.Factory, time, log);
        using TestExporterSource exporter = new();

        exporter.Failed("http://user:secret@collector:4318/");
        exporter.Failed("http://user:secret@collector:4318/");
        exporter.Told();
        string said = Assert.Single(log.Messages);
        time.Advance(TimeSpan.FromSeconds(59));
        exporter.Failed("x");
        Assert.Single(log.Messages);
        time.Advance(TimeSpan.FromSeconds(1));
        exporter.Failed("x");

        Assert.Equal(2, log.Messages.Count);
        Assert.Contains("4 failures", log.Messages[1], StringComparison.Ordinal);
        Assert.DoesNotContain("secret", said, StringComparison.Ordinal);
        Assert.Contains("iskra_telemetry_otlp_failures_total 4\n", telemetry.Text(), StringComparison.Ordinal);
    }
}
