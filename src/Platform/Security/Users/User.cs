namespace Iskra.Platform.Security.Users;

/// <summary>A person as lists show them: never the password's hash.</summary>
/// <param name="Id">For changes.</param>
/// <param name="Login">What they sign in with, an e-mail address or a short name; unique within the tenant, whatever its case.</param>
/// <param name="DisplayName">What pages call them.</param>
/// <param name="Roles">Named sets of scopes: built-in ones and the tenant's own.</param>
/// <param name="Scopes">Scopes beside those of the roles.</param>
/// <param name="HasPassword">Whether they can sign in: a user without a password can't.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="DisabledAt">UTC; null while they may sign in.</param>
/// <param name="PasswordChangedAt">UTC; null when there never was one.</param>
/// <param name="LastSignInAt">UTC; null when they never did.</param>
internal sealed record User(
    Guid Id,
    string Login,
    string DisplayName,
    IReadOnlyList<string> Roles,
    IReadOnlyList<string> Scopes,
    bool HasPassword,
    DateTimeOffset CreatedAt,
    DateTimeOffset? DisabledAt,
    DateTimeOffset? PasswordChangedAt,
    DateTimeOffset? LastSignInAt);
