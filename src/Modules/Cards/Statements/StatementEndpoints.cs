using Iskra.Modules.Cards.Posting;
using Iskra.Modules.Cards.Transfers;
using Iskra.Platform.Hosting;
using Iskra.Platform.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Iskra.Modules.Cards.Statements;

/// <summary>An account's statement, newest first.</summary>
internal static class StatementEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints) =>
        TransferFilterQuery.Describe(endpoints.MapGet("/v1/cards/accounts/{id:guid}/statement", GetAsync))
            .RequireScope(Scopes.CardsRead).WithTags("Accounts")
            .WithName("getStatement").WithSummary("An account's statement, newest first")
            .WithPaging()
            .Produces<Page<StatementItem>>().Produces<ProblemDocument>(400, "application/problem+json")
            .Produces<ProblemDocument>(404, "application/problem+json");

    private static async Task<IResult> GetAsync(Guid id, HttpContext context, TransferQueries queries)
    {
        if (!PageRequest.TryRead(context, out PageRequest? page, out ProblemResult? problem)
            || !TransferFilterQuery.TryRead(context, out TransferFilter? filter, out problem))
        {
            return problem;
        }

        long cursor = 0;
        if (page.Cursor is not null && !PageCursor.TryDecode(page.Cursor, out cursor))
        {
            return PageCursor.Invalid;
        }

        LinePage? lines = await queries.WalkAsync(
            context.GetTenant(), filter with { AccountId = id }, page.Cursor is null ? null : cursor, page.Limit, context.RequestAborted);
        return lines is null
            ? PostingProblems.AccountNotFound
            : TypedResults.Ok(new Page<StatementItem>(
                [.. lines.Lines.Select(line => StatementItem.From(lines.Account!, line))],
                lines.Next > 0 ? PageCursor.Encode(lines.Next) : null));
    }
}
