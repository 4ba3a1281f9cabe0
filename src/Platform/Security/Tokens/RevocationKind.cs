namespace Iskra.Platform.Security.Tokens;

/// <summary>What a revocation is about. Stored: the numbers only grow.</summary>
internal enum RevocationKind
{
    Key = 1,
    User = 2,
    Tenant = 3,

    /// <summary>A family of refresh tokens, with the access tokens that came from it.</summary>
    Family = 4,

    /// <summary>One access token, by its <c>jti</c>.</summary>
    Token = 5,
}
