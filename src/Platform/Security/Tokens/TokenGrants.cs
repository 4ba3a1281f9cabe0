using Iskra.Platform.Security.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Security.Tokens;

/// <summary>The grants of the token endpoint.</summary>
internal sealed class TokenGrants(
    AccessTokens accessTokens,
    RefreshTokens refreshTokens,
    KeySignIn keySignIn,
    UserSignIn userSignIn,
    IOptions<TokenOptions> options,
    ILogger<TokenGrants> logger)
{
    private const string FirstParty = "first-party";

    /// <summary>RFC 6749 §4.4: an API key, as the client's secret, for a token that services check without asking us.</summary>
    internal async Task<IResult> OfKeyAsync(TokenRequest request, HttpContext context)
    {
        if (request.ClientSecret is not { Length: > 0 } secret)
        {
            return TokenError.InvalidRequest("client_secret is missing: it is an API key.");
        }

        SignInResult result = await keySignIn.CheckAsync(secret, context.Connection.RemoteIpAddress, context.RequestAborted);
        if (result.Caller is not { } caller)
        {
            return result.Outcome == SignInOutcome.Failed ? TokenError.InvalidClient : Refusal(result);
        }

        if (request.ClientId is not null && request.ClientId != caller.Prefix)
        {
            return TokenError.InvalidClient;
        }

        return Narrow(caller.Scopes, request.Scope) is { } scope
            ? await AnswerAsync(caller, scope, caller.Prefix, null, null, context.RequestAborted)
            : TokenError.InvalidScope("The key doesn't have every scope that was asked for.");
    }

    /// <summary>A user's password (RFC 6749 §4.3, left out of OAuth 2.1): for our own command line and programs, which the user trusts with
    /// the password anyway.</summary>
    internal async Task<IResult> OfPasswordAsync(TokenRequest request, HttpContext context)
    {
        if (!options.Value.PasswordGrant)
        {
            return TokenError.UnsupportedGrant;
        }

        if (request is not { Username: { } login, Password: { } password })
        {
            return TokenError.InvalidRequest("username or password is missing.");
        }

        SignInResult result = await userSignIn.CheckAsync(
            request.Tenant, login, password, context.Connection.RemoteIpAddress, context.RequestAborted);
        if (result.Caller is not { } caller)
        {
            return result.Outcome == SignInOutcome.Failed ? TokenError.InvalidGrant("Login or password is wrong.") : Refusal(result);
        }

        if (Narrow(caller.Scopes, request.Scope) is not { } scope)
        {
            return TokenError.InvalidScope("The user doesn't have every scope that was asked for.");
        }

        // What was asked for is what the family may ever give; without a wish it follows the user's rights.
        string family = request.Scope is { Length: > 0 } ? scope : "";
        RefreshGrant grant = await refreshTokens.OpenAsync(caller, family, request.ClientId ?? FirstParty, context.RequestAborted);
        return await AnswerAsync(caller, scope, grant.Client, grant.FamilyId, grant.Token, context.RequestAborted);
    }

    /// <summary>RFC 6749 §6, with rotation (RFC 9700 §4.14.2).</summary>
    internal async Task<IResult> OfRefreshTokenAsync(TokenRequest request, HttpContext context)
    {
        if (request.RefreshToken is not { Length: > 0 } token)
        {
            return TokenError.InvalidRequest("refresh_token is missing.");
        }

        if (await refreshTokens.RotateAsync(token, context.RequestAborted) is not { } grant)
        {
            return TokenError.InvalidGrant("The refresh token is unknown, used, revoked or expired.");
        }

        // Of what the family was given, what the user still has; the client may ask for less.
        IReadOnlyList<string> granted = grant.Scopes.Length == 0
            ? grant.Caller.Scopes
            : [.. Scopes.Split(grant.Scopes).Where(grant.Caller.Has)];
        return Narrow(granted, request.Scope) is { } scope
            ? await AnswerAsync(grant.Caller, scope, grant.Client, grant.FamilyId, grant.Token, context.RequestAborted)
            : TokenError.InvalidScope("The refresh token doesn't have every scope that was asked for.");
    }

    private static IResult Refusal(SignInResult result) => result.Outcome == SignInOutcome.Limited
        ? TokenError.Unavailable(StatusCodes.Status429TooManyRequests, "Too many failed sign-ins.", result.RetryAfter)
        : TokenError.Unavailable(StatusCodes.Status503ServiceUnavailable, "Too many are signing in.", TimeSpan.FromSeconds(3));

    /// <summary>The wanted scopes when all of them are granted; all granted ones when none is named; null otherwise.</summary>
    private static string? Narrow(IReadOnlyList<string> granted, string? wanted)
    {
        if (wanted is not { Length: > 0 })
        {
            return Scopes.Join(granted);
        }

        string[] names = Scopes.Split(wanted);
        bool isAdmin = granted.Contains(Scopes.Admin);
        return Array.TrueForAll(
            names,
            name => granted.Contains(name) || (isAdmin && name != Scopes.System && Scopes.Grantable.Contains(name)))
            ? Scopes.Join(names)
            : null;
    }

    private async Task<IResult> AnswerAsync(
        Caller caller, string scope, string client, Guid? family, string? refreshToken, CancellationToken cancellationToken)
    {
        if (await accessTokens.IssueAsync(caller, scope, family, client, cancellationToken) is not { } issued)
        {
            Log.SigningKeyNotOpened(logger);
            return TokenError.Unavailable(
                StatusCodes.Status503ServiceUnavailable, "Tokens can't be signed here; see the server's log.", TimeSpan.FromMinutes(1));
        }

        return Results.Ok(new TokenAnswer(issued.Token, "Bearer", (long)issued.Life.TotalSeconds, refreshToken, scope));
    }
}
