namespace Iskra.Platform.Security.Users;

/// <summary>Without the password in <see cref="ToString"/>: a record prints all members.</summary>
/// <param name="Login">An e-mail address or a short name.</param>
/// <param name="DisplayName">What pages call the user; the login when left out.</param>
/// <param name="Password">A first password; without one the user can't sign in yet.</param>
/// <param name="Roles">Names of roles.</param>
/// <param name="Scopes">Scopes beside those of the roles.</param>
internal sealed record NewUserRequest(
    string Login,
    string? DisplayName = null,
    string? Password = null,
    IReadOnlyList<string>? Roles = null,
    IReadOnlyList<string>? Scopes = null)
{
    public override string ToString() => nameof(NewUserRequest);
}
