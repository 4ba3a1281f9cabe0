using System.ComponentModel;
using Iskra.Platform.Hosting;
using Iskra.Platform.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Iskra.Modules.Cards.Simulation;

/// <summary>Starting and stopping the simulated traffic.</summary>
internal static class DemoEndpoints
{
    private static readonly ProblemResult TooMany = Problems.Create(
        409, "demo-limit", "Too much simulated traffic runs", "The limit Cards:Demo:TenantsMax is reached.");

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        RouteGroupBuilder demo = endpoints.MapGroup("/v1/cards/demo").WithTags("Demo");
        demo.MapPost("", StartAsync).RequireScope(Scopes.Admin).WithName("startDemo")
            .WithSummary("Start the simulated card traffic, or change its speed")
            .Accepts<StartDemoRequest>("application/json")
            .Produces<DemoStatus>(StatusCodes.Status202Accepted)
            .Produces<ProblemDocument>(StatusCodes.Status400BadRequest, "application/problem+json")
            .ProducesProblems(StatusCodes.Status409Conflict);
        demo.MapDelete("", StopAsync).RequireScope(Scopes.Admin).WithName("stopDemo").WithSummary("Stop the simulated card traffic")
            .Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> StartAsync(HttpContext context, DemoTraffic traffic)
    {
        StartDemoRequest? body = new();
        bool isEmpty = context.Request.ContentLength is null or 0 && context.Request.ContentType is null;
        if (!isEmpty && !(await JsonBody.ReadAsync<StartDemoRequest>(context)).TryGet(out body, out ProblemResult? problem))
        {
            return problem;
        }

        if (body.Speed is { } speed && !(speed >= DemoOptions.SpeedMin && speed <= DemoOptions.SpeedMax))
        {
            return Problems.Invalid("$.speed", $"must be from {DemoOptions.SpeedMin} to {DemoOptions.SpeedMax}");
        }

        return traffic.Start(context.GetTenant(), body.Speed)
            ? TypedResults.Accepted((string?)null, traffic.StatusOf(context.GetTenant()))
            : TooMany;
    }

    private static async Task<NoContent> StopAsync(DemoTraffic traffic, HttpContext context)
    {
        await traffic.EndAsync(context.GetTenant()).WaitAsync(context.RequestAborted);
        return TypedResults.NoContent();
    }
}

/// <summary>The body of <c>POST /v1/cards/demo</c>; may be left out.</summary>
internal sealed record StartDemoRequest
{
    [Description("1 to 1000 times 100 transfers a second; left out or null: as configured.")]
    public double? Speed { get; init; }
}
