using System.Diagnostics.Metrics;

namespace Iskra.Platform.Realtime;

/// <summary>Live connections and what happened to their frames.</summary>
internal sealed class RealtimeMetrics
{
    public const string MeterName = "Iskra.Realtime";

    public RealtimeMetrics(IMeterFactory meterFactory)
    {
        Meter meter = meterFactory.Create(MeterName);
        Connections = meter.CreateUpDownCounter<long>(
            "iskra.realtime.connections", "{connection}", "Open connections, by topic and transport.");
        FramesSent = meter.CreateCounter<long>("iskra.realtime.frames.sent", "{frame}", "Frames handed to connections.");
        FramesSkipped = meter.CreateCounter<long>(
            "iskra.realtime.frames.skipped", "{frame}", "Frames that a slow connection did not take before the next one came.");
        Refused = meter.CreateCounter<long>(
            "iskra.realtime.connections.refused", "{connection}", "Connections refused, by topic and reason.");
        Dropped = meter.CreateCounter<long>(
            "iskra.realtime.connections.dropped", "{connection}", "Connections dropped because a frame could not be sent in time.");
    }

    public UpDownCounter<long> Connections { get; }

    public Counter<long> FramesSent { get; }

    public Counter<long> FramesSkipped { get; }

    public Counter<long> Refused { get; }

    public Counter<long> Dropped { get; }
}
