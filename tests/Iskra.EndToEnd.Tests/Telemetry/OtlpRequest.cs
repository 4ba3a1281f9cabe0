using System.Text;

namespace Iskra.EndToEnd.Tests.Telemetry;

/// <summary>One export as it arrived. The field numbers are those of opentelemetry-proto 1.x.</summary>
internal sealed record OtlpRequest(string Path, string ContentType, string Headers, byte[] Body)
{
    /// <summary>What <c>service.name</c> says: resource (1.1), attributes (1), key (1) and string value (2.1).</summary>
    public IEnumerable<string> ServiceNames => ProtobufFields.At(Body, 1, 1, 1)
        .Where(attribute => ProtobufFields.TextAt(attribute, 1).Single() == "service.name")
        .SelectMany(attribute => ProtobufFields.TextAt(attribute, 2, 1));

    /// <summary>Names of metrics: resource metrics (1), scope metrics (2), metrics (2), name (1).</summary>
    public IEnumerable<string> MetricNames => Path == "/v1/metrics" ? ProtobufFields.TextAt(Body, 1, 2, 2, 1) : [];

    /// <summary>Names of spans: resource spans (1), scope spans (2), spans (2), name (5).</summary>
    public IEnumerable<string> SpanNames => Path == "/v1/traces" ? ProtobufFields.TextAt(Body, 1, 2, 2, 5) : [];

    /// <summary>Everything that was sent, for searches.</summary>
    public string Text => Headers + "\n" + Encoding.Latin1.GetString(Body);
}
