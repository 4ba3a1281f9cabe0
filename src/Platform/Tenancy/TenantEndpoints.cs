using Iskra.Platform.Hosting;
using Iskra.Platform.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Iskra.Platform.Tenancy;

/// <summary><c>/v1/tenants</c>: for the operator of the installation.</summary>
internal static class TenantEndpoints
{
    private static readonly ProblemResult Unknown = Problems.NotFound("There is no tenant with this number.");

    private static readonly ProblemResult DefaultStays = Problems.Create(
        StatusCodes.Status409Conflict, "default-tenant", "The default tenant can't be disabled");

    internal static void Map(IEndpointRouteBuilder endpoints)
    {
        RouteGroupBuilder tenants = endpoints.MapGroup("/v1/tenants").WithTags("Tenants").RequireScope(Scopes.System);
        tenants.MapGet("", ListAsync).WithName("listTenants").WithSummary("Tenants, oldest first").WithPaging()
            .Produces<Page<Tenant>>().ProducesProblems(400);
        tenants.MapGet("/{id:int}", GetAsync).WithName("getTenant").WithSummary("One tenant").Produces<Tenant>().ProducesProblems(404);
        tenants.MapPost("", CreateAsync).WithName("createTenant")
            .WithSummary("Make a tenant, with a first admin key when asked for; the answer shows the key once")
            .Accepts<NewTenantRequest>("application/json").Produces<NewTenant>(StatusCodes.Status201Created).ProducesProblems(400, 409);
        tenants.MapPatch("/{id:int}", ChangeAsync).WithName("changeTenant")
            .WithSummary("Rename, disable or enable a tenant; of a disabled one no key, session or token works")
            .Accepts<TenantChanges>("application/json").Produces<Tenant>().ProducesProblems(400, 404, 409);
    }

    private static async Task<IResult> ListAsync(HttpContext context, Tenants tenants)
    {
        if (!PageRequest.TryRead(context, out PageRequest? page, out ProblemResult? problem))
        {
            return problem;
        }

        long after = 0;
        if (page.Cursor is not null && !(PageCursor.TryDecode(page.Cursor, out after) && after is >= 0 and <= int.MaxValue))
        {
            return PageCursor.Invalid;
        }

        IReadOnlyList<Tenant> rows = await tenants.ListAsync((int)after, page.Limit + 1, context.RequestAborted);
        return Results.Ok(Page.From(rows, page.Limit, tenant => PageCursor.Encode((long)tenant.Id)));
    }

    private static async Task<IResult> GetAsync(int id, HttpContext context, Tenants tenants) =>
        await tenants.FindAsync(new TenantId(id), context.RequestAborted) is { } tenant ? Results.Ok(tenant) : Unknown;

    private static async Task<IResult> CreateAsync(HttpContext context, Tenants tenants, ApiKeys keys)
    {
        JsonBodyResult<NewTenantRequest> body = await JsonBody.ReadAsync<NewTenantRequest>(context);
        if (!body.TryGet(out NewTenantRequest? request, out ProblemResult? problem))
        {
            return problem;
        }

        IReadOnlyList<ProblemError> faults = TenantRules.FindFaults(request.Slug, request.Name);
        if (faults.Count > 0)
        {
            return Problems.Invalid(faults);
        }

        Caller by = context.GetCaller()!;
        if (await tenants.CreateAsync(request.Slug, request.Name, by, context.RequestAborted) is not { } tenant)
        {
            return Problems.Create(StatusCodes.Status409Conflict, "tenant-exists", "There is a tenant with this slug");
        }

        NewApiKey? key = request.WithAdminKey
            ? await keys.CreateAsync(
                tenant.TenantId, "first admin key", [Scopes.Admin], null, KeyOrigin.Created, by, context.RequestAborted)
            : null;
        return Results.Created($"/v1/tenants/{tenant.Id}", new NewTenant(tenant, key));
    }

    private static async Task<IResult> ChangeAsync(int id, HttpContext context, Tenants tenants)
    {
        JsonBodyResult<TenantChanges> body = await JsonBody.ReadAsync<TenantChanges>(context);
        if (!body.TryGet(out TenantChanges? changes, out ProblemResult? problem))
        {
            return problem;
        }

        if (changes.Name is not null && !TenantRules.IsName(changes.Name))
        {
            return Problems.Invalid("$.name", TenantRules.NameRule);
        }

        TenantId tenant = new(id);
        if (changes.Disabled == true && tenant == TenantId.Default)
        {
            return DefaultStays;
        }

        Caller by = context.GetCaller()!;
        Tenant? changed = await tenants.FindAsync(tenant, context.RequestAborted);
        if (changed is not null && changes.Name is not null)
        {
            changed = await tenants.RenameAsync(tenant, changes.Name, by, context.RequestAborted);
        }

        if (changed is not null && changes.Disabled is { } disabled)
        {
            changed = await tenants.SetDisabledAsync(tenant, disabled, by, context.RequestAborted);
        }

        return changed is null ? Unknown : Results.Ok(changed);
    }
}
