using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Iskra.Platform.Security.Tokens;

/// <summary>An error of the token and revocation endpoints in the form of RFC 6749 §5.2, which OAuth clients read.</summary>
/// <param name="Error">One of the standard's words.</param>
/// <param name="Description">For people; never what was sent.</param>
internal sealed record TokenError(
    [property: JsonPropertyName("error")] string Error,
    [property: JsonPropertyName("error_description")] string Description)
{
    internal static IResult InvalidRequest(string description) => Result(400, "invalid_request", description);

    internal static IResult InvalidGrant(string description) => Result(400, "invalid_grant", description);

    internal static IResult InvalidScope(string description) => Result(400, "invalid_scope", description);

    internal static IResult UnsupportedGrant { get; } = Result(
        400, "unsupported_grant_type", "grant_type must be client_credentials, refresh_token or password.");

    internal static IResult InvalidClient { get; } = Result(
        401, "invalid_client", "The key is unknown, revoked or expired.", header: "Basic realm=\"iskra\"");

    internal static IResult Unavailable(int status, string description, TimeSpan retryAfter) =>
        Result(status, "temporarily_unavailable", description, retryAfter: retryAfter);

    private static TokenErrorResult Result(
        int status, string error, string description, string? header = null, TimeSpan? retryAfter = null) =>
        new(status, new TokenError(error, description), header, retryAfter);
}
