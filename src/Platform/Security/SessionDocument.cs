namespace Iskra.Platform.Security;

/// <summary>Who the caller is.</summary>
/// <param name="Name">The key's name or the user's display name.</param>
/// <param name="Prefix">The key's prefix or the user's login.</param>
/// <param name="Kind">How the caller proved it.</param>
/// <param name="UserId">Null for a key.</param>
/// <param name="KeyId">Null for a user.</param>
/// <param name="Tenant">The tenant's short name.</param>
/// <param name="TenantName">What people call the tenant.</param>
/// <param name="Roles">The user's roles; empty for a key.</param>
/// <param name="Scopes">What the caller may do.</param>
/// <param name="ExpiresAt">When key, session or token ends; null for never.</param>
internal sealed record SessionDocument(
    string Name,
    string Prefix,
    CallerKind Kind,
    Guid? UserId,
    Guid? KeyId,
    string Tenant,
    string TenantName,
    IReadOnlyList<string> Roles,
    IReadOnlyList<string> Scopes,
    DateTimeOffset? ExpiresAt);
