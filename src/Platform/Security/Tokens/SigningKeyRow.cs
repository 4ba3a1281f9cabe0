namespace Iskra.Platform.Security.Tokens;

/// <summary>A row of <c>security_signing_keys</c>: of the installation, not of a tenant.</summary>
internal sealed class SigningKeyRow
{
    public string Kid { get; set; } = "";

    /// <summary>SubjectPublicKeyInfo of a P-256 key.</summary>
    public byte[] PublicKey { get; set; } = [];

    /// <summary>The private key (PKCS #8), sealed under the default tenant's own key with the id as associated data.</summary>
    public byte[] SealedKey { get; set; } = [];

    public long CreatedAt { get; set; }

    /// <summary>From when on it signs; it is published before.</summary>
    public long ActiveAt { get; set; }
}
