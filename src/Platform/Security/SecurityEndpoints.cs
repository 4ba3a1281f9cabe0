using Iskra.Platform.Hosting;
using Iskra.Platform.Security.Tokens;
using Iskra.Platform.Security.Users;
using Iskra.Platform.Tenancy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Security;

/// <summary>The keys, and the list of everything else that has to do with who calls.</summary>
public static class SecurityEndpoints
{
    /// <summary>Maps <c>/v1/security</c>, <c>/v1/tenants</c> and the addresses under <c>/.well-known</c>.</summary>
    public static void MapIskraSecurity(this IEndpointRouteBuilder endpoints)
    {
        SessionEndpoints.Map(endpoints);
        UserEndpoints.Map(endpoints);
        RoleEndpoints.Map(endpoints);
        TokenEndpoints.Map(endpoints);
        WellKnownEndpoints.Map(endpoints);
        TenantEndpoints.Map(endpoints);

        RouteGroupBuilder keys = endpoints.MapGroup("/v1/security/keys").WithTags("Security").RequireScope(Scopes.Admin);
        keys.MapGet("", ListKeysAsync).WithName("listKeys").WithSummary("The tenant's API keys, newest first").WithPaging()
            .Produces<Page<ApiKey>>().ProducesProblems(400);
        keys.MapPost("", CreateKeyAsync).WithName("createKey").WithSummary("Make an API key; the answer shows it once")
            .Accepts<NewKeyRequest>("application/json").Produces<NewApiKey>(StatusCodes.Status201Created).ProducesProblems(400);
        keys.MapDelete("/{id:guid}", RevokeKeyAsync).WithName("revokeKey").WithSummary("Revoke a key, its sessions and its tokens, at once")
            .Produces(StatusCodes.Status204NoContent).ProducesProblems(404);
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

        IReadOnlyList<ApiKey> rows = await keys.ListAsync(
            context.GetTenant(), page.Cursor is null ? null : before, page.Limit + 1, context.RequestAborted);
        return Results.Ok(Page.From(rows, page.Limit, key => PageCursor.Encode(key.Id)));
    }

    private static async Task<IResult> CreateKeyAsync(HttpContext context, ApiKeys keys, TimeProvider time, ILogger<ApiKeys> logger)
    {
        JsonBodyResult<NewKeyRequest> body = await JsonBody.ReadAsync<NewKeyRequest>(context);
        if (!body.TryGet(out NewKeyRequest? request, out ProblemResult? problem))
        {
            return problem;
        }

        Caller by = context.GetCaller()!;
        IReadOnlyList<ProblemError> faults = NewKeyRules.FindFaults(
            request.Name, request.Scopes, request.ExpiresAt, time.GetUtcNow(), by.Tenant, by);
        if (faults.Count > 0)
        {
            return Problems.Invalid(faults);
        }

        NewApiKey key = await keys.CreateAsync(
            by.Tenant, request.Name, request.Scopes, request.ExpiresAt?.ToUniversalTime(), KeyOrigin.Created, by, context.RequestAborted);
        Log.KeyCreated(logger, key.Prefix, by.Prefix);
        return Results.Created($"/v1/security/keys/{key.Id}", key);
    }

    private static async Task<IResult> RevokeKeyAsync(Guid id, HttpContext context, ApiKeys keys, ILogger<ApiKeys> logger)
    {
        Caller by = context.GetCaller()!;
        if (!await keys.RevokeAsync(by.Tenant, id, by, context.RequestAborted))
        {
            return Problems.NotFound("There is no key with this id.");
        }

        Log.KeyRevoked(logger, id, by.Prefix);
        return Results.NoContent();
    }
}
