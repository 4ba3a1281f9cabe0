namespace Iskra.Platform.Security.Tokens;

/// <summary>What an access token says (RFC 9068 §2.2), read and checked. Instants are whole seconds since 1970.</summary>
/// <param name="IsUser">Whether <paramref name="Subject"/> is a user; otherwise it is an API key.</param>
/// <param name="Subject">The user's or the key's id.</param>
/// <param name="TokenId"><c>jti</c>.</param>
/// <param name="FamilyId"><c>sid</c>: the family of refresh tokens that it came from; null for a key's.</param>
/// <param name="Tenant">The tenant's short name.</param>
/// <param name="Scope">Scopes with spaces between them.</param>
/// <param name="Stamp"><c>ver</c>: the user's count of changes when it was given.</param>
/// <param name="ExpiresAt"><c>exp</c>.</param>
internal readonly record struct AccessTokenClaims(
    bool IsUser, Guid Subject, Guid TokenId, Guid? FamilyId, string Tenant, string Scope, int Stamp, long ExpiresAt);
