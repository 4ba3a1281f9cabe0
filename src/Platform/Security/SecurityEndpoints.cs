using Iskra.Platform.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Security;

/// <summary>Sign-in for the web, and the keys.</summary>
public static class SecurityEndpoints
{
    private static readonly ProblemResult SignInFailed = Problems.Create(
        StatusCodes.Status401Unauthorized, "unauthenticated", "The key is not valid", "It is unknown, revoked or expired.");

    /// <summary>Maps <c>/v1/security</c>.</summary>
    public static void MapIskraSecurity(this IEndpointRouteBuilder endpoints)
    {
        RouteGroupBuilder session = endpoints.MapGroup("/v1/security/session").WithTags("Security");
        session.MapPost("", SignInAsync).AllowAnonymous().WithName("signIn").WithSummary("Sign in with an API key; sets the session cookie")
            .Accepts<SignInRequest>("application/json").Produces<SessionDocument>().ProducesProblems(400, 401, 403, 429);
        session.MapGet("", GetSession).RequireScope(Scopes.Authenticated).WithName("getSession").WithSummary("Who I am")
            .Produces<SessionDocument>();
        session.MapDelete("", SignOutAsync).AllowAnonymous().WithName("signOut").WithSummary("Sign out; good without a session too")
            .Produces(StatusCodes.Status204NoContent).ProducesProblems(403);

        RouteGroupBuilder keys = endpoints.MapGroup("/v1/security/keys").WithTags("Security").RequireScope(Scopes.Admin);
        keys.MapGet("", ListKeysAsync).WithName("listKeys").WithSummary("API keys, newest first").Produces<Page<ApiKey>>()
            .ProducesProblems(400);
        keys.MapPost("", CreateKeyAsync).WithName("createKey").WithSummary("Make an API key; the answer shows it once")
            .Accepts<NewKeyRequest>("application/json").Produces<NewApiKey>(StatusCodes.Status201Created).ProducesProblems(400);
        keys.MapDelete("/{id:guid}", RevokeKeyAsync).WithName("revokeKey").WithSummary("Revoke a key and its sessions, at once")
            .Produces(StatusCodes.Status204NoContent).ProducesProblems(404);
    }

    private static async Task<IResult> SignInAsync(
        HttpContext context, Authenticator authenticator, Sessions sessions, SignInLimiter limiter, SecurityMetrics metrics,
            ILogger<Sessions> logger)
    {
        if (SameOrigin.Check(context.Request) == false)
        {
            return ScopeMiddleware.CrossSite;
        }

        JsonBodyResult<SignInRequest> body = await JsonBody.ReadAsync<SignInRequest>(context);
        if (!body.TryGet(out SignInRequest? request, out ProblemResult? problem))
        {
            return problem;
        }

        var address = context.Connection.RemoteIpAddress;
        if (!limiter.TryTake(address, out TimeSpan retryAfter))
        {
            metrics.SignedIn("limited");
            Log.SignInLimited(logger, address);
            return Problems.Create(
                StatusCodes.Status429TooManyRequests, "too-many-sign-ins", "Too many failed sign-ins", "Wait, then try again.",
                    retryAfter: retryAfter);
        }

        Caller? caller = await authenticator.ByKeyAsync(request.ApiKey.Trim(), context.RequestAborted);
        if (caller is null)
        {
            metrics.SignedIn("failed");
            Log.SignInFailed(logger, address);
            await sessions.AuditFailureAsync(address, context.RequestAborted);
            return SignInFailed;
        }

        limiter.Succeeded(address);
        metrics.SignedIn("ok");
        Log.SignedIn(logger, caller.Prefix, address);
        (string id, DateTimeOffset expiresAt) = await sessions.OpenAsync(caller, context.RequestAborted);
        SessionCookie.Set(context, id, expiresAt);
        return Results.Ok(new SessionDocument(caller.Name, caller.Prefix, caller.Scopes, expiresAt));
    }

    private static IResult GetSession(HttpContext context)
    {
        Caller caller = context.GetCaller()!;
        return Results.Ok(new SessionDocument(caller.Name, caller.Prefix, caller.Scopes, caller.ExpiresAt));
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, Sessions sessions)
    {
        if (SameOrigin.Check(context.Request) == false)
        {
            return ScopeMiddleware.CrossSite;
        }

        if (context.Request.Cookies.TryGetValue(SessionCookie.Name, out string? id) && id.Length <= ApiKeyFormat.LengthMax)
        {
            await sessions.CloseAsync(id, context.RequestAborted);
        }

        SessionCookie.Clear(context);
        return Results.NoContent();
    }

    private static async Task<IResult> ListKeysAsync(HttpContext context, ApiKeys keys)
    {
        if (!PageRequest.TryRead(context, out PageRequest? page, out ProblemResult? problem))
        {
            return problem;
        }

        Guid before = Guid.Empty;
        if (page.Cursor is not null && !PageCursor.TryDecode(page.Cursor, out before))
        {
            return PageCursor.Invalid;
        }

        IReadOnlyList<ApiKey> rows = await keys.ListAsync(page.Cursor is null ? null : before, page.Limit + 1, context.RequestAborted);
        return Results.Ok(Page.From(rows, page.Limit, key => PageCursor.Encode(key.Id)));
    }

    private static async Task<IResult> CreateKeyAsync(HttpContext context, ApiKeys keys, TimeProvider time, ILogger<ApiKeys> logger)
    {
        JsonBodyResult<NewKeyRequest> body = await JsonBody.ReadAsync<NewKeyRequest>(context);
        if (!body.TryGet(out NewKeyRequest? request, out ProblemResult? problem))
        {
            return problem;
        }

        IReadOnlyList<ProblemError> faults = NewKeyRules.FindFaults(request.Name, request.Scopes, request.ExpiresAt, time.GetUtcNow());
        if (faults.Count > 0)
        {
            return Problems.Invalid(faults);
        }

        NewApiKey key = await keys.CreateAsync(request.Name, request.Scopes, request.ExpiresAt?.ToUniversalTime(), KeyOrigin.Created,
            context.RequestAborted);
        Log.KeyCreated(logger, key.Prefix, context.GetCaller()?.Prefix);
        return Results.Created($"/v1/security/keys/{key.Id}", key);
    }

    private static async Task<IResult> RevokeKeyAsync(Guid id, HttpContext context, ApiKeys keys, ILogger<ApiKeys> logger)
    {
        if (!await keys.RevokeAsync(id, context.RequestAborted))
        {
            return Problems.NotFound("There is no key with this id.");
        }

        Log.KeyRevoked(logger, id, context.GetCaller()?.Prefix);
        return Results.NoContent();
    }
}
