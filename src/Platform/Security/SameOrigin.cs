using Microsoft.AspNetCore.Http;

namespace Iskra.Platform.Security;

/// <summary>
/// Tells a browser's request that our own page caused from one that another site caused (CSRF). Browsers set these headers; pages can't.
/// </summary>
internal static class SameOrigin
{
    /// <summary>True when the browser says the request came from this origin; false when it says otherwise; null when it says
    /// nothing.</summary>
    internal static bool? Check(HttpRequest request)
    {
        string site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0)
        {
            return site == "same-origin";
        }

        string origin = request.Headers.Origin.ToString();
        if (origin.Length == 0)
        {
            return null;
        }

        return IsOwn(origin, request);
    }

    /// <summary>Whether an Origin names this host. The scheme isn't compared: a proxy may end TLS before us.</summary>
    internal static bool IsOwn(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri)
        && uri.Scheme is "http" or "https"
        && string.Equals(Authority(uri), Authority(uri.Scheme, request.Host), StringComparison.OrdinalIgnoreCase);

    private static string Authority(Uri uri) => $"{uri.Host}:{uri.Port}";

    private static string Authority(string scheme, HostString host) => $"{host.Host}:{host.Port ?? (scheme == "https" ? 443 : 80)}";
}
