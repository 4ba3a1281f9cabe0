namespace Iskra.Platform.Security;

/// <summary>A key that was just made. <paramref name="Key"/> is shown once and can't be had again: only its hash is stored.</summary>
public sealed record NewApiKey(
    Guid Id,
    string Name,
    string Prefix,
    IReadOnlyList<string> Scopes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    string Key)
{
    /// <summary>Without the key: a record prints all members, and this one must not reach a log.</summary>
    public override string ToString() => $"NewApiKey {Prefix}";
}
