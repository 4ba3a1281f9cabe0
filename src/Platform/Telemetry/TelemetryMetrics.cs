using System.Diagnostics.Metrics;

namespace Iskra.Platform.Telemetry;

/// <summary>The collector's own health: each limit has a counter that shows it was hit.</summary>
internal sealed class TelemetryMetrics
{
    public const string MeterName = "Iskra.Telemetry";

    private readonly MetricsCollector _collector;
    private readonly Meter _meter;

    public TelemetryMetrics(MetricsCollector collector, IMeterFactory meterFactory)
    {
        _collector = collector;
        _meter = meterFactory.Create(MeterName);
    }

    public void Register()
    {
        _meter.CreateObservableCounter(
            "iskra.telemetry.series.overflow",
            () => _collector.SeriesOverflows,
            "{measurement}",
            "Measurements that went to an overflow series because their instrument had as many label sets as it may.");
        _meter.CreateObservableCounter(
            "iskra.telemetry.instruments.dropped",
            () => _collector.InstrumentsDropped,
            "{instrument}",
            "Instruments that are not collected: over the limit, or their exported name is taken.");
        _meter.CreateObservableCounter(
            "iskra.telemetry.observation.failures",
            () => _collector.ObservationFailures,
            "{failure}",
            "Observations in which an observable instrument's callback failed.");
    }
}
