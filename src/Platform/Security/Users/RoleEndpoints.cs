using Iskra.Platform.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Iskra.Platform.Security.Users;

/// <summary>What a role is to be.</summary>
internal sealed record RoleRequest(IReadOnlyList<string> Scopes, string Description = "");

/// <summary>The tenant's roles: built-in ones first, then its own by name.</summary>
internal sealed record RoleList(IReadOnlyList<Role> Items);

/// <summary><c>/v1/security/roles</c>: named sets of scopes.</summary>
internal static class RoleEndpoints
{
    private static readonly ProblemResult BuiltIn = Problems.Create(
        StatusCodes.Status409Conflict, "role-built-in", "A built-in role can't be changed or removed");

    private static readonly ProblemResult InUse = Problems.Create(
        StatusCodes.Status409Conflict, "role-in-use", "Users have this role", "Take it from them first.");

    private static readonly ProblemResult TooMany = Problems.Create(
        StatusCodes.Status409Conflict, "too-many-roles", $"A tenant has at most {RoleStore.RolesMax} roles of its own");

    internal static void Map(IEndpointRouteBuilder endpoints)
    {
        RouteGroupBuilder roles = endpoints.MapGroup("/v1/security/roles").WithTags("Security").RequireScope(Scopes.Admin);
        roles.MapGet("", ListAsync).WithName("listRoles").WithSummary("The tenant's roles, built-in ones first").Produces<RoleList>();
        roles.MapPut("/{name}", PutAsync).WithName("putRole").WithSummary("Make or change a role; ends access tokens of its users")
            .Accepts<RoleRequest>("application/json").Produces<Role>().ProducesProblems(400, 409);
        roles.MapDelete("/{name}", RemoveAsync).WithName("removeRole").WithSummary("Remove a role that nobody has")
            .Produces(StatusCodes.Status204NoContent).ProducesProblems(404, 409);
    }

    private static async Task<IResult> ListAsync(HttpContext context, RoleStore roles) =>
        Results.Ok(new RoleList(await roles.ListAsync(context.GetTenant(), context.RequestAborted)));

    private static async Task<IResult> PutAsync(string name, HttpContext context, RoleStore roles)
    {
        JsonBodyResult<RoleRequest> body = await JsonBody.ReadAsync<RoleRequest>(context);
        if (!body.TryGet(out RoleRequest? request, out ProblemResult? problem))
        {
            return problem;
        }

        Caller by = context.GetCaller()!;
        IReadOnlyList<ProblemError> faults = UserRules.CheckRole(name, request.Description, request.Scopes, by.Tenant, by);
        if (faults.Count > 0)
        {
            return Problems.Invalid(faults);
        }

        if (BuiltInRoles.Find(name) is not null)
        {
            return BuiltIn;
        }

        Role role = new(name, request.Description, [.. request.Scopes.Distinct().Order(StringComparer.Ordinal)], IsBuiltIn: false);
        return await roles.PutAsync(by.Tenant, role, by, context.RequestAborted) ? Results.Ok(role) : TooMany;
    }

    private static async Task<IResult> RemoveAsync(string name, HttpContext context, RoleStore roles)
    {
        Caller by = context.GetCaller()!;
        return await roles.RemoveAsync(by.Tenant, name, by, context.RequestAborted) switch
        {
            RoleRemoval.Removed => Results.NoContent(),
            RoleRemoval.InUse => InUse,
            RoleRemoval.BuiltIn => BuiltIn,
            _ => Problems.NotFound("There is no role with this name."),
        };
    }
}
