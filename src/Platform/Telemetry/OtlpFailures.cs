using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;
using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Telemetry;

/// <summary>
/// Counts exports that did not reach the collector, and says so in the log at most once a minute. The exporter itself tells failures to
/// nobody but an event source.
/// </summary>
internal sealed class OtlpFailures : EventListener
{
    internal const string SourceName = "OpenTelemetry-Exporter-OpenTelemetryProtocol";

    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time;
    private readonly ILogger<OtlpFailures> _log;
    private long _failures;
    private long _loggedAt;

    public OtlpFailures(IMeterFactory meterFactory, TimeProvider time, ILogger<OtlpFailures> log)
    {
        _time = time;
        _log = log;
        meterFactory.Create(TelemetryMetrics.MeterName).CreateObservableCounter(
            "iskra.telemetry.otlp.failures",
            () => Volatile.Read(ref _failures),
            "{failure}",
            "Exports by OTLP that failed; what they carried is lost.");
    }

    // Called by the base constructor too, before the fields are set.
    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == SourceName)
        {
            EnableEvents(eventSource, EventLevel.Warning);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        // Other sources may be enabled by other listeners of the process. Before the constructor is done there is nothing to count.
        if (eventData.EventSource.Name != SourceName || eventData.Level > EventLevel.Warning || _log is null)
        {
            return;
        }

        long failures = Interlocked.Increment(ref _failures);
        long now = _time.GetTimestamp();
        long before = Volatile.Read(ref _loggedAt);
        bool isDue = failures == 1 || _time.GetElapsedTime(before, now) >= LogInterval;
        if (isDue && Interlocked.CompareExchange(ref _loggedAt, now, before) == before)
        {
            // The event's name alone: its arguments hold the address and the text of an answer.
            _log.OtlpFailed(eventData.EventName ?? "unknown", failures);
        }
    }
}
