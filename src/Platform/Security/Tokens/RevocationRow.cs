namespace Iskra.Platform.Security.Tokens;

/// <summary>A row of <c>security_revocations</c>.</summary>
internal sealed class RevocationRow
{
    public long Id { get; set; }

    public int TenantId { get; set; }

    public int Kind { get; set; }

    public Guid Subject { get; set; }

    public long CreatedAt { get; set; }

    public long ExpiresAt { get; set; }
}
