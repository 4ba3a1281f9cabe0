using System.Diagnostics.Tracing;
using Iskra.Platform.Telemetry;

namespace Iskra.Platform.Tests.Telemetry;

/// <summary>Speaks under the exporter's name.</summary>
[EventSource(Name = OtlpFailures.SourceName)]
internal sealed class TestExporterSource : EventSource
{
    [Event(1, Level = EventLevel.Error)]
    public void Failed(string address) => WriteEvent(1, address);

    [Event(2, Level = EventLevel.Informational)]
    public void Told() => WriteEvent(2);
}
