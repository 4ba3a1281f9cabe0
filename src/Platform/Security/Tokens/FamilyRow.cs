namespace Iskra.Platform.Security.Tokens;

/// <summary>A refresh token with its family.</summary>
internal sealed class FamilyRow
{
    public Guid FamilyId { get; set; }

    public int TenantId { get; set; }

    public Guid UserId { get; set; }

    public string Client { get; set; } = "";

    public string Scopes { get; set; } = "";

    public byte[] Secret { get; set; } = [];

    public long FamilyExpiresAt { get; set; }

    public long? RevokedAt { get; set; }

    public long ExpiresAt { get; set; }

    public long? UsedAt { get; set; }
}
