namespace Iskra.Platform.Telemetry;

/// <summary>The text formats of <c>/metrics</c>.</summary>
public enum MetricsTextFormat
{
    /// <summary>Prometheus text exposition 0.0.4.</summary>
    Prometheus = 0,

    /// <summary>OpenMetrics 1.0.0.</summary>
    OpenMetrics = 1,
}
