using System.Text.Json.Serialization;

namespace Iskra.Platform.Security.Tokens;

/// <summary>What the revocation endpoint takes (RFC 7009 §2.1). Without the token in <see cref="ToString"/>.</summary>
/// <param name="Token">A refresh token or an access token.</param>
/// <param name="TokenTypeHint">Not needed: the two look different.</param>
internal sealed record RevokeRequest(
    [property: JsonPropertyName("token")] string Token,
    [property: JsonPropertyName("token_type_hint")] string? TokenTypeHint = null)
{
    public override string ToString() => nameof(RevokeRequest);
}
