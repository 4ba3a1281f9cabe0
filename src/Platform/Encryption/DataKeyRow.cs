namespace Iskra.Platform.Encryption;

/// <summary>A row of <c>encryption_data_keys</c>.</summary>
internal sealed class DataKeyRow
{
    public const string Columns = "id, tenant_id, subject, version, tenant_key_version, slot, wrapped, destroyed_at";

    public long Id { get; set; }

    public int TenantId { get; set; }

    /// <summary>Empty for the tenant's own key.</summary>
    public string Subject { get; set; } = "";

    public int Version { get; set; }

    public int TenantKeyVersion { get; set; }

    /// <summary>The number of the erasure share; 0 for the tenant's own key, which has none.</summary>
    public long Slot { get; set; }

    /// <summary>Null once destroyed.</summary>
    public byte[]? Wrapped { get; set; }

    public long? DestroyedAt { get; set; }
}
