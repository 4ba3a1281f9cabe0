using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Events;

/// <summary>Something that happened, as it goes to the outbox.</summary>
/// <param name="Type">Module, noun, past tense: <c>cards.transfers.committed</c>. Stable.</param>
/// <param name="SchemaVersion">The payload's version; grows when a consumer of the former one would fail.</param>
/// <param name="Key">What it happened to; events of one key keep their order.</param>
/// <param name="Payload">JSON. No secrets, no card numbers: it is stored in clear.</param>
public sealed record DomainEvent(string Type, int SchemaVersion, string Key, string Payload)
{
    /// <summary>Whose event it is. Keys of different tenants are different keys.</summary>
    public TenantId Tenant { get; init; } = TenantId.Default;
}
