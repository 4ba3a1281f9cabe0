using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Security.Tokens;

/// <summary>A public key as a JWK (RFC 7517, RFC 7518 §6.2).</summary>
internal sealed record JsonWebKey(
    [property: JsonPropertyName("kty")] string Kty,
    [property: JsonPropertyName("crv")] string Crv,
    [property: JsonPropertyName("use")] string Use,
    [property: JsonPropertyName("alg")] string Alg,
    [property: JsonPropertyName("kid")] string Kid,
    [property: JsonPropertyName("x")] string X,
    [property: JsonPropertyName("y")] string Y);

/// <summary>A JWK set (RFC 7517 §5).</summary>
internal sealed record JsonWebKeySet([property: JsonPropertyName("keys")] IReadOnlyList<JsonWebKey> Keys);

/// <summary>What others need to check our tokens: the public keys and the metadata (RFC 8414).</summary>
internal static class WellKnownEndpoints
{
    internal const string JwksPath = "/.well-known/jwks.json";

    private const string MetadataPath = "/.well-known/oauth-authorization-server";

    internal static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(JwksPath, GetKeysAsync).AllowAnonymous().WithTags("Security").WithName("getSigningKeys")
            .WithSummary("Public keys of access tokens (RFC 7517), those of the next rotation too").Produces<JsonWebKeySet>();
        endpoints.MapGet(MetadataPath, GetMetadata).AllowAnonymous().WithTags("Security").WithName("getTokenMetadata")
            .WithSummary("Where tokens are given and how they are signed (RFC 8414)").Produces<ServerMetadata>();
    }

    private static async Task<IResult> GetKeysAsync(HttpContext context, SigningKeys signing)
    {
        SigningKeyRing ring = signing.Ring;
        if (ring.Keys.Count == 0)
        {
            ring = await signing.RefreshAsync(context.RequestAborted);
        }

        // Shorter than a new key is published ahead, so nobody meets a token whose key they have not got.
        context.Response.Headers.CacheControl = "public, max-age=300";
        return Results.Ok(new JsonWebKeySet([.. ring.Keys.Select(ToJwk)]));
    }

    private static IResult GetMetadata(HttpContext context, IOptions<TokenOptions> options)
    {
        context.Response.Headers.CacheControl = "public, max-age=300";
        string issuer = options.Value.Issuer;
        string[] grants = options.Value.PasswordGrant
            ? ["client_credentials", "refresh_token", "password"]
            : ["client_credentials", "refresh_token"];
        return Results.Ok(new ServerMetadata(
            issuer,
            issuer + TokenEndpoints.TokenPath,
            issuer + TokenEndpoints.RevokePath,
            issuer + JwksPath,
            Scopes.Grantable,
            [],
            grants,
            ["client_secret_basic", "client_secret_post", "none"],
            ["none"]));
    }

    private static JsonWebKey ToJwk(SigningKey key) => new(
        "EC",
        "P-256",
        "sig",
        "ES256",
        key.Kid,
        System.Buffers.Text.Base64Url.EncodeToString(key.X),
        System.Buffers.Text.Base64Url.EncodeToString(key.Y));
}
