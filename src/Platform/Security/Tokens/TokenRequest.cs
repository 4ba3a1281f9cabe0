using System.Text.Json.Serialization;

namespace Iskra.Platform.Security.Tokens;

/// <summary>
/// What the token endpoint takes (RFC 6749 §4), as a form or as JSON with the same names. Without secrets in <see cref="ToString"/>.
/// </summary>
/// <param name="GrantType"><c>client_credentials</c>, <c>refresh_token</c> or <c>password</c>.</param>
/// <param name="ClientId">For <c>client_credentials</c> the key's prefix, optional; otherwise the client's own name.</param>
/// <param name="ClientSecret">For <c>client_credentials</c> the API key.</param>
/// <param name="RefreshToken">For <c>refresh_token</c>.</param>
/// <param name="Username">For <c>password</c>: a user's login.</param>
/// <param name="Password">For <c>password</c>.</param>
/// <param name="Tenant">For <c>password</c>: the tenant's short name; <c>default</c> when left out.</param>
/// <param name="Scope">The scopes wanted, with spaces between them; all that the caller has when left out.</param>
internal sealed record TokenRequest(
    [property: JsonPropertyName("grant_type")] string? GrantType = null,
    [property: JsonPropertyName("client_id")] string? ClientId = null,
    [property: JsonPropertyName("client_secret")] string? ClientSecret = null,
    [property: JsonPropertyName("refresh_token")] string? RefreshToken = null,
    [property: JsonPropertyName("username")] string? Username = null,
    [property: JsonPropertyName("password")] string? Password = null,
    [property: JsonPropertyName("tenant")] string? Tenant = null,
    [property: JsonPropertyName("scope")] string? Scope = null)
{
    public override string ToString() => nameof(TokenRequest);
}
