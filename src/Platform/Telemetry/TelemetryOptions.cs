using System.ComponentModel.DataAnnotations;

namespace Iskra.Platform.Telemetry;

/// <summary>What is measured and where it goes. Section <c>Telemetry</c>.</summary>
public sealed class TelemetryOptions
{
    public const string Section = "Telemetry";

    /// <summary>The meters that <c>/metrics</c> shows when <see cref="Meters"/> is empty.</summary>
    public static IReadOnlyList<string> DefaultMeters { get; } =
        ["Iskra.*", "Microsoft.AspNetCore.*", "System.Net.Http", "System.Net.NameResolution", "System.Runtime", "Npgsql"];

    /// <summary>Meters to collect: a name, or a prefix that ends in <c>*</c>. Empty: <see cref="DefaultMeters"/>.</summary>
    public IList<string> Meters { get; } = [];

    internal IReadOnlyList<string> SelectedMeters => Meters.Count > 0 ? [.. Meters] : DefaultMeters;

    /// <summary>
    /// Instruments kept, at most; further ones are not collected and <c>iskra_telemetry_instruments_dropped_total</c> counts them.
    /// </summary>
    [Range(1, 100_000)]
    public int InstrumentsMax { get; set; } = 1_000;

    /// <summary>
    /// Label sets of one instrument, at most; measurements beyond go to a series with <c>overflow="true"</c> and
    /// <c>iskra_telemetry_series_overflow_total</c> counts them.
    /// </summary>
    [Range(1, 100_000)]
    public int SeriesPerInstrumentMax { get; set; } = 200;

    /// <summary>Characters of one label value, at most; the rest is cut off.</summary>
    [Range(8, 4_096)]
    public int LabelValueLengthMax { get; set; } = 256;

    /// <summary>
    /// Where metrics and traces are sent by OTLP (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c> works too); null: nowhere. The protocol, headers and
    /// intervals come from the standard <c>OTEL_…</c> environment variables: gRPC unless <c>OTEL_EXPORTER_OTLP_PROTOCOL</c> is
    /// <c>http/protobuf</c>, whose paths <c>/v1/metrics</c> and <c>/v1/traces</c> are appended. A collector that does not answer costs what
    /// was to be sent, a log line a minute and <c>iskra_telemetry_otlp_failures_total</c>.
    /// </summary>
    [Url]
    public string? OtlpEndpoint { get; set; }
}
