using System.Net;
using System.Net.Mime;
using Microsoft.Extensions.FileProviders;

namespace Iskra.Host.Web;

/// <summary>Serves the web app: files with an ETag, hashed assets for a year, and the page itself for every address of the app's
/// own.</summary>
internal static class WebAppFiles
{
    /// <summary>Addresses that are never the app's: there, what isn't found is a problem and not a page.</summary>
    private static readonly PathString[] Reserved = ["/v1", "/ws", "/metrics", "/health", "/openapi", "/docs"];

    public static void UseWebApp(this WebApplication app, WebApp web)
    {
        if (web.Folder is null)
        {
            app.Use((context, next) => IsPage(context) && context.Request.Path == "/" ? WriteMissingAsync(context, web) : next(context));
            return;
        }

        app.Use((context, next) =>
        {
            if (IsPage(context) && !Path.HasExtension(context.Request.Path.Value))
            {
                context.Request.Path = "/index.html";
            }

            return next(context);
        });
        PhysicalFileProvider files = new(web.Folder);
        app.Lifetime.ApplicationStopped.Register(files.Dispose);
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = files,
            OnPrepareResponse = prepared => prepared.Context.Response.Headers.CacheControl =
                prepared.Context.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal)
                    ? "public, max-age=31536000, immutable"
                    : "no-cache",
        });
    }

    private static bool IsPage(HttpContext context) =>
        context.GetEndpoint() is null
        && (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        && (context.Request.Headers.Accept.ToString().Contains(MediaTypeNames.Text.Html, StringComparison.OrdinalIgnoreCase)
            || context.Request.Path == "/")
        && !Array.Exists(Reserved, reserved => context.Request.Path.StartsWithSegments(reserved, StringComparison.Ordinal));

    private static Task WriteMissingAsync(HttpContext context, WebApp web)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(
            $"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Iskra</title></head>
            <body>
            <h1>Iskra runs</h1>
            <p>The API works: see <a href="/docs">its page</a> and <a href="/health/ready">its health</a>.</p>
            <p>The web app is {WebUtility.HtmlEncode(web.Status)}</p>
            </body>
            </html>
            """,
            context.RequestAborted);
    }
}
