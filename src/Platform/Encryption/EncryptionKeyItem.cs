using Iskra.Platform.Data;

namespace Iskra.Platform.Encryption;

/// <summary>A version of a tenant's key, for lists: never the key.</summary>
internal sealed class EncryptionKeyItem
{
    public int TenantId { get; set; }

    /// <summary>The newest one wraps, older ones still unwrap what a rotation hasn't come to yet.</summary>
    public int Version { get; set; }

    /// <summary>Which root key in turn wraps it.</summary>
    public int RootGeneration { get; set; }

    /// <summary>Microseconds since 1970.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public long CreatedAt { get; set; }

    /// <summary>UTC.</summary>
    public DateTimeOffset Created => Instants.FromMicroseconds(CreatedAt);

    /// <summary>Data keys that it wraps.</summary>
    public long DataKeys { get; set; }
}
