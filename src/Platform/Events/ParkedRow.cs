using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Events;

/// <summary>A row of <c>events_parked</c>.</summary>
internal sealed class ParkedRow
{
    public long Seq { get; set; }

    public int TenantId { get; set; }

    public string Subscriber { get; set; } = "";

    public long EventId { get; set; }

    public string Type { get; set; } = "";

    public int SchemaVersion { get; set; }

    public string Key { get; set; } = "";

    public string Payload { get; set; } = "";

    public long CreatedAt { get; set; }

    public int State { get; set; }

    public int Attempts { get; set; }

    public string? ErrorKind { get; set; }

    public long ParkedAt { get; set; }

    public StoredEvent ToEvent() => new(EventId, Type, SchemaVersion, Key, Payload, Instants.FromMicroseconds(CreatedAt))
    {
        Tenant = new TenantId(TenantId),
    };
}
