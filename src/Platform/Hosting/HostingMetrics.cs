using System.Diagnostics.Metrics;
using System.Text.Json;

namespace Iskra.Platform.Hosting;

/// <summary>Instruments of the HTTP pipeline; the framework's own cover durations, connections and Kestrel's queues.</summary>
public sealed class HostingMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Iskra.Hosting";

    private static readonly KeyValuePair<string, object?>[] Kinds =
    [
        .. Enum.GetNames<ErrorKind>().Select(
            name => new KeyValuePair<string, object?>("kind", JsonNamingPolicy.SnakeCaseLower.ConvertName(name))),
    ];

    private readonly Counter<long> _rejected;
    private readonly Counter<long> _errors;

    public HostingMetrics(IMeterFactory factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        Meter meter = factory.Create(MeterName);
        _rejected = meter.CreateCounter<long>(
            "iskra.http.rejected", "{request}", "Requests refused because a limit was hit, by the problem's code.");
        _errors = meter.CreateCounter<long>("iskra.http.errors", "{error}", "Exceptions that reached the pipeline, by kind.");
    }

    /// <summary>Counts an exception that reached the pipeline.</summary>
    internal void Failed(ErrorKind kind) => _errors.Add(1, Kinds[(int)kind]);

    /// <summary>Counts a request that a limit refused.</summary>
    public void Rejected(string code) => _rejected.Add(1, new KeyValuePair<string, object?>("code", code));
}
