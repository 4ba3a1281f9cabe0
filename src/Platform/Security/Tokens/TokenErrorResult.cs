using System.Globalization;
using Iskra.Platform.Hosting;
using Microsoft.AspNetCore.Http;

namespace Iskra.Platform.Security.Tokens;

/// <summary>Writes a <see cref="TokenError"/>. Immutable and shareable.</summary>
internal sealed class TokenErrorResult(int status, TokenError error, string? authenticate, TimeSpan? retryAfter) : IResult
{
    internal TokenError Error => error;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        HttpResponse response = httpContext.Response;
        response.StatusCode = status;
        response.Headers.CacheControl = "no-store";
        if (authenticate is not null)
        {
            response.Headers.WWWAuthenticate = authenticate;
        }

        if (retryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        return response.WriteAsJsonAsync(error, StrictJson.TypeInfo<TokenError>(), cancellationToken: httpContext.RequestAborted);
    }
}
