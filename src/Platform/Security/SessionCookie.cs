using Microsoft.AspNetCore.Http;

namespace Iskra.Platform.Security;

internal static class SessionCookie
{
    internal const string Name = "iskra_session";

    internal static void Set(HttpContext context, string id, DateTimeOffset expiresAt)
    {
        CookieOptions options = Options(context);
        options.Expires = expiresAt;
        context.Response.Cookies.Append(Name, id, options);
    }

    internal static void Clear(HttpContext context) => context.Response.Cookies.Delete(Name, Options(context));

    private static CookieOptions Options(HttpContext context) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = "/", IsEssential = true };
}
