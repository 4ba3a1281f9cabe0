using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Iskra.Platform.Security.Users;
using Iskra.Platform.Tenancy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Security.Tokens;

/// <summary><c>/v1/security/token</c> (RFC 6749) and <c>/v1/security/revoke</c> (RFC 7009).</summary>
internal static class TokenEndpoints
{
    internal const string TokenPath = "/v1/security/token";
    internal const string RevokePath = "/v1/security/revoke";

    private const string Form = "application/x-www-form-urlencoded";
    private const int ClientLengthMax = 100;

    internal static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost(TokenPath, GrantAsync).AllowAnonymous().WithTags("Security").WithName("getToken")
            .WithSummary("Get an access token (RFC 6749): client_credentials with an API key, refresh_token, or password")
            .Accepts<TokenRequest>(Form, "application/json").Produces<TokenAnswer>()
            .Produces<TokenError>(400).Produces<TokenError>(401).Produces<TokenError>(429).Produces<TokenError>(503);
        endpoints.MapPost(RevokePath, RevokeAsync).AllowAnonymous().WithTags("Security").WithName("revokeToken")
            .WithSummary("Revoke a refresh token with its family, or an access token (RFC 7009); 200 for unknown ones too")
            .Accepts<RevokeRequest>(Form, "application/json").Produces(StatusCodes.Status200OK)
            .Produces<TokenError>(400).Produces<TokenError>(503);
    }

    private static async Task<IResult> GrantAsync(HttpContext context, TokenGrants grants, SecurityMetrics metrics)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Pragma = "no-cache";
        if (await OAuthBody.ReadTokenRequestAsync(context) is not { } request)
        {
            metrics.Granted("none", "invalid_request");
            return TokenError.InvalidRequest("The body must be a form, or JSON with the same names, each at most once.");
        }

        if (request.ClientId?.Length > ClientLengthMax)
        {
            return TokenError.InvalidRequest("client_id is too long.");
        }

        IResult result = request.GrantType switch
        {
            "client_credentials" => await grants.OfKeyAsync(request, context),
            "refresh_token" => await grants.OfRefreshTokenAsync(request, context),
            "password" => await grants.OfPasswordAsync(request, context),
            null => TokenError.InvalidRequest("grant_type is missing."),
            _ => TokenError.UnsupportedGrant,
        };
        string grant = request.GrantType is "client_credentials" or "refresh_token" or "password" ? request.GrantType : "other";
        metrics.Granted(grant, result is TokenErrorResult refused ? refused.Error.Error : "ok");
        return result;
    }

    private static async Task<IResult> RevokeAsync(
        HttpContext context, RefreshTokens refreshTokens, AccessTokens accessTokens, DeniedTokens denied, AccessTokenRevocation revocation)
    {
        string? token;
        if (context.Request.HasJsonContentType())
        {
            JsonBodyResult<RevokeRequest> body = await JsonBody.ReadAsync<RevokeRequest>(context);
            token = body.TryGet(out RevokeRequest? read, out _) ? read.Token : null;
        }
        else
        {
            token = (await OAuthBody.ReadFormAsync(context))?.GetValueOrDefault("token");
        }

        if (token is null or { Length: > AccessTokens.LengthMax })
        {
            return TokenError.InvalidRequest("token is missing.");
        }

        if (RefreshTokens.IsPlausible(token))
        {
            await refreshTokens.RevokeAsync(token, context.RequestAborted);
        }
        else if (await accessTokens.CheckAsync(token.AsMemory(), context.RequestAborted) is { } claims)
        {
            if (!denied.HasRoom)
            {
                return TokenError.Unavailable(503, "Too many tokens are revoked. Try again later.", TimeSpan.FromMinutes(1));
            }

            await revocation.RevokeAsync(claims, context.RequestAborted);
        }

        return Results.Ok();
    }
}
