using System.Diagnostics.Metrics;

namespace Iskra.Modules.Dashboards;

/// <summary>What the dashboards themselves cost.</summary>
internal sealed class DashboardsMetrics
{
    public const string MeterName = "Iskra.Dashboards";

    public DashboardsMetrics(IMeterFactory meterFactory)
    {
        Meter meter = meterFactory.Create(MeterName);
        FrameDuration = meter.CreateHistogram<double>(
            "iskra.dashboards.pulse.frame.duration", "s", "Time to measure, serialise and publish one frame.");
        FrameFailures = meter.CreateCounter<long>("iskra.dashboards.pulse.frame.failures", "{frame}", "Frames that could not be built.");
    }

    public Histogram<double> FrameDuration { get; }

    public Counter<long> FrameFailures { get; }
}
