using System.Text.Json.Serialization;

namespace Iskra.Platform.Security.Tokens;

/// <summary>The token endpoint's answer (RFC 6749 §5.1). Without the tokens in <see cref="ToString"/>.</summary>
/// <param name="AccessToken">A JWT (RFC 9068); clients pass it on and don't read it.</param>
/// <param name="TokenType">Always <c>Bearer</c>.</param>
/// <param name="ExpiresIn">Seconds.</param>
/// <param name="RefreshToken">Good once; null for <c>client_credentials</c>, where the key itself gets the next token.</param>
/// <param name="Scope">What the token may do.</param>
internal sealed record TokenAnswer(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("token_type")] string TokenType,
    [property: JsonPropertyName("expires_in")] long ExpiresIn,
    [property: JsonPropertyName("refresh_token"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RefreshToken,
    [property: JsonPropertyName("scope")] string Scope)
{
    public override string ToString() => nameof(TokenAnswer);
}
