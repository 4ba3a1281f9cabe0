using Iskra.Platform.Data;

namespace Iskra.Platform.Tenancy;

/// <summary>A row of <c>tenants</c>.</summary>
internal sealed class TenantRow
{
    internal const string Columns = "id, slug, name, created_at, disabled_at";

    public int Id { get; set; }

    public string Slug { get; set; } = "";

    public string Name { get; set; } = "";

    public long CreatedAt { get; set; }

    public long? DisabledAt { get; set; }

    internal Tenant ToTenant() => new(
        Id,
        Slug,
        Name,
        Instants.FromMicroseconds(CreatedAt),
        DisabledAt is { } at ? Instants.FromMicroseconds(at) : null);
}
