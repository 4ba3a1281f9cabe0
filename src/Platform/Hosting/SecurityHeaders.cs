using Microsoft.AspNetCore.Http;

namespace Iskra.Platform.Hosting;

/// <summary>Headers that tell browsers what this server never does: be framed, load scripts of others, be sniffed.</summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    /// <summary>'unsafe-inline' for styles alone: the web app's components set style attributes and elements; scripts are files of our
    /// own.</summary>
    internal const string Policy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        + "connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        Apply(context);
        return next(context);
    }

    internal static void Apply(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=()";

        // Browsers keep it per host name, for all ports: for localhost it would take every other program's plain HTTP away.
        if (context.Request.IsHttps && !string.Equals(context.Request.Host.Host, "localhost", StringComparison.OrdinalIgnoreCase))
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }

        if (context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal))
        {
            headers.CacheControl = "no-store";
        }
    }
}
