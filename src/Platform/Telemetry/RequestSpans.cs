using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Iskra.Platform.Telemetry;

/// <summary>
/// Names the span of a request after its route and gives it the answer's status, as the semantic conventions of OpenTelemetry for HTTP say.
/// Paths and queries of callers never become a name: there would be as many names as callers like.
/// </summary>
internal sealed class RequestSpans(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is not { IsAllDataRequested: true } activity)
        {
            return;
        }

        // The pattern of a group's own endpoint ends in a slash; the root's is one.
        string? route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText is { Length: > 1 } pattern
            ? pattern.TrimEnd('/')
            : null;
        activity.DisplayName = route is null ? "HTTP" : $"{context.Request.Method} {route}";
        activity.SetTag("http.route", route);
        activity.SetTag("http.response.status_code", context.Response.StatusCode);
        if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            activity.SetStatus(ActivityStatusCode.Error);
        }
    }
}
