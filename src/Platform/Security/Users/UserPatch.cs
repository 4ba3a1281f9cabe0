namespace Iskra.Platform.Security.Users;

/// <summary>What of a user is to change; a field that is left out stays. Without the password in <see cref="ToString"/>.</summary>
internal sealed record UserPatch(
    string? DisplayName = null,
    IReadOnlyList<string>? Roles = null,
    IReadOnlyList<string>? Scopes = null,
    bool? Disabled = null,
    string? Password = null)
{
    public override string ToString() => nameof(UserPatch);
}
