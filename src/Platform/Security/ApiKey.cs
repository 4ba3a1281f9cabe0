namespace Iskra.Platform.Security;

/// <summary>A key as lists show it: never the secret.</summary>
/// <param name="Id">For revoking.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="Prefix">The 8 characters after <c>isk_</c>: tells keys apart in lists and logs.</param>
/// <param name="Scopes">As <see cref="Security.Scopes"/> lists them.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="ExpiresAt">UTC; null for never.</param>
/// <param name="RevokedAt">UTC; null while it is good.</param>
/// <param name="LastUsedAt">UTC, up to a minute old; null when it never was.</param>
public sealed record ApiKey(
    Guid Id,
    string Name,
    string Prefix,
    IReadOnlyList<string> Scopes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt,
    DateTimeOffset? LastUsedAt);
