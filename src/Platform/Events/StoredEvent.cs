using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Events;

/// <summary>An event as a subscriber gets it.</summary>
/// <param name="Id">Its number in the outbox: unique, so a handler can tell a repeat; not gapless.</param>
/// <param name="Type">As <see cref="DomainEvent.Type"/>.</param>
/// <param name="SchemaVersion">As <see cref="DomainEvent.SchemaVersion"/>.</param>
/// <param name="Key">As <see cref="DomainEvent.Key"/>.</param>
/// <param name="Payload">JSON.</param>
/// <param name="CreatedAt">When it was appended.</param>
public sealed record StoredEvent(long Id, string Type, int SchemaVersion, string Key, string Payload, DateTimeOffset CreatedAt)
{
    /// <summary>As <see cref="DomainEvent.Tenant"/>.</summary>
    public TenantId Tenant { get; init; } = TenantId.Default;
}
