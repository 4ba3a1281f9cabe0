using Iskra.Platform.Data;
using Iskra.Platform.Security;

namespace Iskra.Host.Serving;

internal static class SystemEndpoints
{
    public static void MapSystem(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/v1/system", GetSystemAsync).RequireScope(Scopes.Authenticated).WithTags("System").WithName("getSystem")
            .WithSummary("Version, modules, engine, and whether there is any data yet").Produces<SystemDocument>();

    private static async Task<IResult> GetSystemAsync(HttpContext context, SystemState state, Database database) =>
        Results.Ok(new SystemDocument(
            "Iskra",
            SystemState.Version,
            state.Roles,
            database.Description,
            state.StartedAt,
            await state.IsEmptyAsync(context.GetTenant(), context.RequestAborted),
            state.DemoOf(context.GetTenant())));
}
