namespace Iskra.Platform.Security.Tokens;

/// <summary>Why a family of refresh tokens ended before its time. Stored: the numbers only grow.</summary>
internal enum FamilyEnd
{
    /// <summary>Its client revoked it (RFC 7009).</summary>
    Revoked = 1,

    /// <summary>A refresh token was used a second time: it may have been stolen.</summary>
    Reused = 2,

    PasswordChanged = 3,
    UserDisabled = 4,

    /// <summary>The user opened more families than one may have.</summary>
    TooMany = 5,
}
