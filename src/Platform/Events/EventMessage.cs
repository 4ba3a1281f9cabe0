using System.Globalization;
using System.Text;
using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;
using RabbitMQ.Client;

namespace Iskra.Platform.Events;

/// <summary>An event as a message of AMQP 0-9-1: the payload is the body, everything else is in properties and headers.</summary>
internal static class EventMessage
{
    private const string ContentType = "application/json";
    private const string KeyHeader = "iskra-key";
    private const string TenantHeader = "iskra-tenant";
    private const string SchemaHeader = "iskra-schema-version";
    private const string CreatedHeader = "iskra-created-at";

    public static BasicProperties PropertiesOf(StoredEvent stored) => new()
    {
        Persistent = true,
        ContentType = ContentType,
        Type = stored.Type,
        MessageId = stored.Id.ToString(CultureInfo.InvariantCulture),
        Headers = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [KeyHeader] = stored.Key,
            [TenantHeader] = stored.Tenant.Value,
            [SchemaHeader] = stored.SchemaVersion,
            [CreatedHeader] = Instants.ToMicroseconds(stored.CreatedAt),
        },
    };

    /// <summary>Null for a message that is no event of ours.</summary>
    public static StoredEvent? Read(IReadOnlyBasicProperties properties, ReadOnlySpan<byte> body)
    {
        if (properties.ContentType != ContentType
            || string.IsNullOrEmpty(properties.Type)
            || !long.TryParse(properties.MessageId, NumberStyles.None, CultureInfo.InvariantCulture, out long id)
            || properties.Headers is not { } headers
            || Header(headers, KeyHeader) is not byte[] key
            || Header(headers, TenantHeader) is not int tenant
            || Header(headers, SchemaHeader) is not int schema
            || Header(headers, CreatedHeader) is not long created)
        {
            return null;
        }

        return new StoredEvent(
            id, properties.Type, schema, Encoding.UTF8.GetString(key), Encoding.UTF8.GetString(body), Instants.FromMicroseconds(created))
        {
            Tenant = new TenantId(tenant),
        };
    }

    private static object? Header(IDictionary<string, object?> headers, string name) =>
        headers.TryGetValue(name, out object? value) ? value : null;
}
