using System.Net;
using Iskra.Platform.Hosting;
using Iskra.Platform.Security.Users;
using Iskra.Platform.Tenancy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Security;

/// <summary>Sign-in for the web, and a user's own password.</summary>
internal static class SessionEndpoints
{
    private static readonly ProblemResult KeyRefused = Problems.Create(
        StatusCodes.Status401Unauthorized, "unauthenticated", "The key is not valid", "It is unknown, revoked or expired.");

    private static readonly ProblemResult PasswordRefused = Problems.Create(
        StatusCodes.Status401Unauthorized, "sign-in-failed", "Login or password is wrong");

    private static readonly ProblemResult NoUser = Problems.Create(
        StatusCodes.Status403Forbidden, "user-required", "Only a user has a password", "This caller is an API key.");

    private static readonly ProblemResult NotCurrent = Problems.Invalid("$.currentPassword", "is not the current password");

    internal static void Map(IEndpointRouteBuilder endpoints)
    {
        RouteGroupBuilder session = endpoints.MapGroup("/v1/security/session").WithTags("Security");
        session.MapPost("", SignInAsync).AllowAnonymous().WithName("signIn")
            .WithSummary("Sign in with login and password, or with an API key; sets the session cookie")
            .Accepts<SignInRequest>("application/json").Produces<SessionDocument>().ProducesProblems(400, 401, 403, 429, 503);
        session.MapGet("", GetSessionAsync).RequireScope(Scopes.Authenticated).WithName("getSession").WithSummary("Who I am")
            .Produces<SessionDocument>();
        session.MapDelete("", SignOutAsync).AllowAnonymous().WithName("signOut").WithSummary("Sign out; good without a session too")
            .Produces(StatusCodes.Status204NoContent).ProducesProblems(403);
        endpoints.MapPost("/v1/security/password", ChangePasswordAsync).WithTags("Security").RequireScope(Scopes.Authenticated)
            .WithName("changePassword").WithSummary("Change my password; ends all my sessions and tokens")
            .Accepts<ChangePasswordRequest>("application/json").Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(400, 403, 429, 503);
    }

    /// <summary>The answer to a sign-in that didn't succeed.</summary>
    internal static ProblemResult Refusal(SignInResult result) => result.Outcome switch
    {
        SignInOutcome.Limited => TooMany(result.RetryAfter),
        SignInOutcome.Busy => Problems.Busy("Too many are signing in. Try again in a few seconds.", TimeSpan.FromSeconds(3)),
        _ => PasswordRefused,
    };

    private static ProblemResult TooMany(TimeSpan retryAfter) => Problems.Create(
        StatusCodes.Status429TooManyRequests, "too-many-sign-ins", "Too many failed sign-ins", "Wait, then try again.",
        retryAfter: retryAfter);

    private static async Task<IResult> SignInAsync(
        HttpContext context, KeySignIn keySignIn, UserSignIn userSignIn, Sessions sessions, Tenants tenants)
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

        IPAddress? address = context.Connection.RemoteIpAddress;
        SignInResult result;
        if (request is { ApiKey: { } key, Login: null, Password: null })
        {
            result = await keySignIn.CheckAsync(key, address, context.RequestAborted);
            if (result.Outcome == SignInOutcome.Failed)
            {
                return KeyRefused;
            }
        }
        else if (request is { ApiKey: null, Login: { } login, Password: { } password })
        {
            result = await userSignIn.CheckAsync(request.Tenant, login, password, address, context.RequestAborted);
        }
        else
        {
            return Problems.Invalid("$", "must have apiKey, or login and password");
        }

        if (result.Caller is not { } caller)
        {
            return Refusal(result);
        }

        (string id, DateTimeOffset expiresAt) = await sessions.OpenAsync(caller, context.RequestAborted);
        SessionCookie.Set(context, id, expiresAt);
        return Results.Ok(await DescribeAsync(caller, CallerKind.Session, expiresAt, tenants, context.RequestAborted));
    }

    private static async Task<IResult> GetSessionAsync(HttpContext context, Tenants tenants)
    {
        Caller caller = context.GetCaller()!;
        return Results.Ok(await DescribeAsync(caller, caller.Kind, caller.ExpiresAt, tenants, context.RequestAborted));
    }

    private static async Task<SessionDocument> DescribeAsync(
        Caller caller, CallerKind kind, DateTimeOffset? expiresAt, Tenants tenants, CancellationToken cancellationToken)
    {
        Tenant? tenant = await tenants.FindAsync(caller.Tenant, cancellationToken);
        return new SessionDocument(
            caller.Name,
            caller.Prefix,
            kind,
            caller.UserId,
            caller.KeyId,
            caller.TenantSlug,
            tenant?.Name ?? caller.TenantSlug,
            caller.Roles,
            caller.Scopes,
            expiresAt);
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

    private static async Task<IResult> ChangePasswordAsync(
        HttpContext context, UserStore users, UserSignIn signIn, PasswordHasher hasher, IOptions<PasswordOptions> options)
    {
        JsonBodyResult<ChangePasswordRequest> body = await JsonBody.ReadAsync<ChangePasswordRequest>(context);
        if (!body.TryGet(out ChangePasswordRequest? request, out ProblemResult? problem))
        {
            return problem;
        }

        Caller caller = context.GetCaller()!;
        if (caller.UserId is not { } userId)
        {
            return NoUser;
        }

        List<ProblemError> faults = [];
        UserRules.CheckPassword("$.newPassword", request.NewPassword, caller.Prefix, options.Value.LengthMin, faults);
        if (faults.Count > 0)
        {
            return Problems.Invalid(faults);
        }

        // Under the limits of a sign-in: a stolen session must not serve to guess the password.
        SignInResult result = await signIn.CheckAsync(
            caller.TenantSlug, caller.Prefix, request.CurrentPassword, context.Connection.RemoteIpAddress, context.RequestAborted);
        if (result.Outcome != SignInOutcome.Ok)
        {
            return result.Outcome == SignInOutcome.Failed ? NotCurrent : Refusal(result);
        }

        if (await hasher.HashAsync(request.NewPassword, context.RequestAborted) is not { } hash)
        {
            return Refusal(new SignInResult(SignInOutcome.Busy));
        }

        await users.SetPasswordAsync(caller.Tenant, userId, hash, caller, context.RequestAborted);
        SessionCookie.Clear(context);
        return Results.NoContent();
    }
}
