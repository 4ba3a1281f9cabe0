using Iskra.Platform.Hosting;
using Iskra.Platform.Security;
using Iskra.Platform.Tenancy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Events;

/// <summary>Subscribers, replay and parked events, for the operator.</summary>
public static class EventsEndpoints
{
    /// <summary>Maps <c>/v1/events</c>.</summary>
    public static void MapIskraEvents(this IEndpointRouteBuilder endpoints)
    {
        RouteGroupBuilder group = endpoints.MapGroup("/v1/events/subscribers").WithTags("Events").RequireScope(Scopes.System);
        group.MapGet("", ListAsync).WithName("listEventSubscribers").WithSummary("Subscribers with lag, failures and parked events")
            .Produces<Page<SubscriberDocument>>().ProducesProblems(403);
        group.MapPost("/{name}:replay", ReplayAsync).WithName("replayEvents")
            .WithSummary("Deliver everything from an event or an instant on to one subscriber again")
            .Accepts<ReplayRequest>("application/json").Produces(StatusCodes.Status202Accepted).ProducesProblems(400, 403, 404, 409);
        group.MapGet("/{name}/parked", ListParkedAsync).WithName("listParkedEvents")
            .WithSummary("Events that failed too often, and those of their keys behind them, in the order of parking")
            .WithPaging().Produces<Page<ParkedDocument>>().ProducesProblems(400, 404);
        group.MapPost("/{name}/parked:retry", RetryAsync).WithName("retryParkedEvents")
            .WithSummary("Try one failed event again, or all").Accepts<ParkedRetryRequest>("application/json")
            .Produces<ParkedRetryDocument>(StatusCodes.Status202Accepted).ProducesProblems(400, 404);
        group.MapDelete("/{name}/parked/{eventId:long}", DiscardAsync).WithName("discardParkedEvent")
            .WithSummary("Give a failed event up; those behind it go on").Produces(StatusCodes.Status204NoContent).ProducesProblems(404);
    }

    private static async Task<IResult> ListAsync(HttpContext context, EventsAdmin admin) => IsOperator(context)
        ? Results.Ok(new Page<SubscriberDocument>(await admin.ListAsync(context.RequestAborted), null))
        : Forbidden();

    private static async Task<IResult> ReplayAsync(string name, HttpContext context, EventsAdmin admin, ILogger<EventsAdmin> logger)
    {
        if (!IsOperator(context))
        {
            return Forbidden();
        }

        JsonBodyResult<ReplayRequest> body = await JsonBody.ReadAsync<ReplayRequest>(context);
        if (!body.TryGet(out ReplayRequest? request, out ProblemResult? problem))
        {
            return problem;
        }

        if (request.FromId is null == request.From is null)
        {
            return Problems.Invalid("$", "must have either fromId or from");
        }

        ReplayOutcome outcome = await admin.ReplayAsync(name, request.FromId, request.From, context.RequestAborted);
        if (outcome == ReplayOutcome.Accepted)
        {
            logger.ReplayAsked(name, context.GetCaller()?.Prefix);
        }

        return outcome switch
        {
            ReplayOutcome.Accepted => Results.Accepted(),
            ReplayOutcome.UnknownSubscriber => Unknown(),
            _ => Problems.Create(
                StatusCodes.Status409Conflict,
                "nothing-to-replay",
                "There is nothing to replay",
                "The outbox holds no event from there on, or the subscriber has not come that far."),
        };
    }

    private static async Task<IResult> ListParkedAsync(string name, HttpContext context, EventsAdmin admin)
    {
        if (!PageRequest.TryRead(context, out PageRequest? page, out ProblemResult? problem))
        {
            return problem;
        }

        long after = 0;
        if (page.Cursor is not null && !PageCursor.TryDecode(page.Cursor, out after))
        {
            return PageCursor.Invalid;
        }

        if (!await admin.IsKnownAsync(name, context.RequestAborted))
        {
            return Unknown();
        }

        IReadOnlyList<ParkedDocument> rows = await admin.ListParkedAsync(
            context.GetTenant(), name, after, page.Limit + 1, context.RequestAborted);
        return Results.Ok(Page.From(rows, page.Limit, row => PageCursor.Encode(row.Seq)));
    }

    private static async Task<IResult> RetryAsync(string name, HttpContext context, EventsAdmin admin)
    {
        JsonBodyResult<ParkedRetryRequest> body = await JsonBody.ReadAsync<ParkedRetryRequest>(context);
        if (!body.TryGet(out ParkedRetryRequest? request, out ProblemResult? problem))
        {
            return problem;
        }

        if (!await admin.IsKnownAsync(name, context.RequestAborted))
        {
            return Unknown();
        }

        int requeued = await admin.Parked.RequeueAsync(context.GetTenant(), name, request.EventId, context.RequestAborted);
        return Results.Accepted(value: new ParkedRetryDocument(requeued));
    }

    private static async Task<IResult> DiscardAsync(string name, long eventId, HttpContext context, EventsAdmin admin) =>
        await admin.Parked.DiscardAsync(context.GetTenant(), name, eventId, context.RequestAborted)
            ? Results.NoContent()
            : Problems.NotFound("This subscriber has no failed event of this number.");

    // Subscribers serve all tenants: what moves one is the business of who runs the installation.
    private static bool IsOperator(HttpContext context) => context.GetTenant() == TenantId.Default;

    private static ProblemResult Forbidden() => Problems.Create(
        StatusCodes.Status403Forbidden, "forbidden", "Not allowed", "Subscribers belong to the operator of the installation.");

    private static ProblemResult Unknown() => Problems.NotFound("There is no subscriber of this name.");
}
