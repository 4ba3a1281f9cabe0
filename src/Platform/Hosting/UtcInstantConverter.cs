using System.Text.Json;
using System.Text.Json.Serialization;

namespace Iskra.Platform.Hosting;

/// <summary>Instants go out in UTC and end in Z (RFC 3339); any offset is taken in.</summary>
internal sealed class UtcInstantConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime);
}
