using System.Diagnostics.Metrics;

namespace Iskra.Platform.Hosting;

/// <summary>Instruments of the HTTP pipeline; the framework's own cover durations, connections and Kestrel's queues.</summary>
public sealed class HostingMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Iskra.Hosting";

    private readonly Counter<long> _rejected;

    public HostingMetrics(IMeterFactory factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        Meter meter = factory.Create(MeterName);
        _rejected = meter.CreateCounter<long>(
            "iskra.http.rejected", "{request}", "Requests refused because a limit was hit, by the problem's code.");
    }

    /// <summary>Counts a request that a limit refused.</summary>
    public void Rejected(string code) => _rejected.Add(1, new KeyValuePair<string, object?>("code", code));
}
