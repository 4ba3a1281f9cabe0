using Iskra.Platform.Audit;
using Iskra.Platform.Hosting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Security;

/// <summary>Lets a request reach its endpoint only when the caller holds the scope that the endpoint names. Comes after routing.</summary>
internal sealed class ScopeMiddleware(RequestDelegate next, Authenticator authenticator, SecurityMetrics metrics,
    ILogger<ScopeMiddleware> logger)
{
    internal static readonly ProblemResult Closed = Problems.Create(
        StatusCodes.Status403Forbidden, "endpoint-closed", "This endpoint is closed",
            "It names no scope, so nobody may use it. Please report this.");

    internal static readonly ProblemResult CrossSite = Problems.Create(
        StatusCodes.Status403Forbidden,
        "cross-site",
        "The request came from another site",
        "A request that changes something and carries the session cookie must come from this server's own pages. "
        + "Programs send an API key.");

    public async Task InvokeAsync(HttpContext context)
    {
        Endpoint? endpoint = context.GetEndpoint();

        // The routing's own answers (405, 415) are endpoints without metadata.
        if (endpoint is null || (endpoint is not RouteEndpoint && endpoint.Metadata.Count == 0))
        {
            await next(context);
            return;
        }

        ProblemResult? refusal = await CheckAsync(context, endpoint);
        if (refusal is null)
        {
            AuditActor.Enter(context.GetCaller() is { } caller ? AuditActor.Of(caller) : AuditActor.Anonymous);
            await next(context);
            return;
        }

        metrics.Refused(refusal.Code);
        if (refusal.Status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"iskra\"";
        }

        await refusal.ExecuteAsync(context);
    }

    private async ValueTask<ProblemResult?> CheckAsync(HttpContext context, Endpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return null;
        }

        if (endpoint.Metadata.GetMetadata<RequiredScope>() is not { } required)
        {
            Log.EndpointWithoutScope(logger, endpoint.DisplayName);
            return Closed;
        }

        if (endpoint.Metadata.GetMetadata<LoopbackOpen>() is not null && IsDirectLoopback(context))
        {
            return null;
        }

        (Caller? caller, ProblemResult? refusal) = await IdentifyAsync(context);
        if (caller is null)
        {
            return refusal ?? Problems.Unauthenticated;
        }

        if (!caller.Has(required.Scope))
        {
            return Problems.ScopeMissing(required.Scope);
        }

        context.Features.Set(caller);
        return null;
    }

    /// <summary>A request that a proxy on this machine passed on comes from a loopback address too, but is not of this machine.</summary>
    private static bool IsDirectLoopback(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address
        && System.Net.IPAddress.IsLoopback(address)
        && !context.Request.Headers.ContainsKey("X-Forwarded-For")
        && !context.Request.Headers.ContainsKey("X-Original-For")
        && !context.Request.Headers.ContainsKey("Forwarded");

    private async ValueTask<(Caller? Caller, ProblemResult? Refusal)> IdentifyAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        string authorization = request.Headers.Authorization.ToString();
        if (authorization.Length > 0)
        {
            const string Scheme = "Bearer ";
            return authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
                ? (await authenticator.ByBearerAsync(authorization.AsMemory(Scheme.Length).Trim(), context.RequestAborted), null)
                : (null, null);
        }

        if (!request.Cookies.TryGetValue(SessionCookie.Name, out string? session))
        {
            return (null, null);
        }

        // The cookie alone proves nothing about who caused the request; where something changes, or a socket opens, the origin must be
        // ours.
        bool isUpgrade = request.Headers.ContainsKey("Upgrade") || request.Headers.ContainsKey(":protocol");
        bool isSafe = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if ((isUpgrade || !isSafe) && SameOrigin.Check(request) != true)
        {
            return (null, CrossSite);
        }

        return (await authenticator.BySessionAsync(session, context.RequestAborted), null);
    }
}
