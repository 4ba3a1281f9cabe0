using Iskra.Platform.Hosting;
using Iskra.Platform.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Sagas;

/// <summary>Sagas of the caller's tenant, and the retry of a parked one.</summary>
public static class SagasEndpoints
{
    /// <summary>Maps <c>/v1/sagas</c>.</summary>
    public static void MapIskraSagas(this IEndpointRouteBuilder endpoints)
    {
        RouteGroupBuilder group = endpoints.MapGroup("/v1/sagas").WithTags("Sagas").RequireScope(Scopes.Admin);
        group.MapGet("", ListAsync).WithName("listSagas").WithSummary("Sagas, newest first")
            .WithQuery("status", "running, compensating, completed, compensated or parked; all when left out.")
            .WithQuery("name", "A definition's name; all when left out.")
            .WithPaging().Produces<Page<SagaDocument>>().ProducesProblems(400);
        group.MapGet("/{id:guid}", GetAsync).WithName("getSaga").WithSummary("One saga").Produces<SagaDocument>().ProducesProblems(404);
        group.MapPost("/{id:guid}:retry", RetryAsync).WithName("retrySaga")
            .WithSummary("Send a parked saga back to its compensation, once the cause is mended")
            .Produces(StatusCodes.Status202Accepted).ProducesProblems(404, 409);
    }

    private static async Task<IResult> ListAsync(HttpContext context, SagaStore store)
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

        SagaStatus? status = null;
        if (context.Request.Query.TryGetValue("status", out var text))
        {
            if (!char.IsAsciiLetter(text.ToString().FirstOrDefault())
                || !Enum.TryParse(text, ignoreCase: true, out SagaStatus parsed)
                || !Enum.IsDefined(parsed))
            {
                return Problems.Invalid("status", "must be running, compensating, completed, compensated or parked");
            }

            status = parsed;
        }

        string? name = context.Request.Query.TryGetValue("name", out var wanted) ? wanted.ToString() : null;
        IReadOnlyList<SagaRow> rows = await store.ListAsync(
            context.GetTenant(), status, name, page.Cursor is null ? null : before, page.Limit + 1, context.RequestAborted);
        return Results.Ok(Page.From([.. rows.Select(SagaDocument.Of)], page.Limit, saga => PageCursor.Encode(saga.Id)));
    }

    private static async Task<IResult> GetAsync(Guid id, HttpContext context, SagaStore store) =>
        await store.FindAsync(context.GetTenant(), id, context.RequestAborted) is { } row
            ? Results.Ok(SagaDocument.Of(row))
            : NotFound();

    private static async Task<IResult> RetryAsync(
        Guid id, HttpContext context, SagaStore store, SagaSignal signal, ILogger<SagaDriver> logger)
    {
        if (await store.RetryAsync(context.GetTenant(), id, signal.Started.Set, context.RequestAborted))
        {
            logger.Retried(id, context.GetCaller()?.Prefix);
            return Results.Accepted();
        }

        return await store.FindAsync(context.GetTenant(), id, context.RequestAborted) is null
            ? NotFound()
            : Problems.Create(StatusCodes.Status409Conflict, "saga-not-parked", "The saga is not parked", "Only a parked saga is retried.");
    }

    private static ProblemResult NotFound() => Problems.NotFound("There is no saga with this id.");
}
