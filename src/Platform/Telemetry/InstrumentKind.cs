namespace Iskra.Platform.Telemetry;

/// <summary>What Prometheus calls an instrument.</summary>
internal enum InstrumentKind
{
    Counter = 0,
    Gauge = 1,
    Histogram = 2,
}
