namespace Iskra.Platform.Security;

/// <summary>
/// Either <paramref name="ApiKey"/>, or <paramref name="Login"/> and <paramref name="Password"/>. Without secrets in
/// <see cref="ToString"/>: a record prints all members.
/// </summary>
/// <param name="ApiKey">An API key.</param>
/// <param name="Login">A user's login.</param>
/// <param name="Password">The user's password.</param>
/// <param name="Tenant">The user's tenant, by its short name; <c>default</c> when left out.</param>
internal sealed record SignInRequest(string? ApiKey = null, string? Login = null, string? Password = null, string? Tenant = null)
{
    public override string ToString() => nameof(SignInRequest);
}
