using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Modules.Cards.Posting;
using Iskra.Platform.Hosting;
using Iskra.Platform.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Iskra.Modules.Cards.Transfers;

/// <summary>Posting and reading transfers.</summary>
internal static class TransferEndpoints
{
    private const string Problem = "application/problem+json";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        RouteGroupBuilder group = endpoints.MapGroup("/v1/cards").WithTags("Transfers");
        group.MapPost("/transfers", PostAsync).ForwardedToOwner().RequireScope(Scopes.CardsWrite)
            .WithName("postTransfer").WithSummary("Post one transfer")
            .Accepts<PostTransferRequest>("application/json")
            .Produces<PostTransferResponse>(StatusCodes.Status201Created).Produces<PostTransferResponse>()
            .Produces<ProblemDocument>(400, Problem).Produces<ProblemDocument>(404, Problem).Produces<ProblemDocument>(409, Problem)
            .Produces<ProblemDocument>(422, Problem).Produces<ProblemDocument>(503, Problem);
        group.MapPost("/transfers:batch", PostBatchAsync).ForwardedToOwner().RequireScope(Scopes.CardsWrite)
            .WithName("postTransfers")
            .WithSummary("Post up to 8190 transfers in one commit")
            .Accepts<TransferBatchRequest>("application/json")
            .Produces<TransferBatchResponse>().Produces<ProblemDocument>(400, Problem).Produces<ProblemDocument>(503, Problem);
        TransferFilterQuery.Describe(group.MapGet("/transfers", ListAsync)).RequireScope(Scopes.CardsRead)
            .WithName("listTransfers").WithSummary("List transfers, newest first")
            .WithPaging().WithQuery("accountId", "Transfers of this account.", format: "uuid")
            .Produces<Page<TransferItem>>().Produces<ProblemDocument>(400, Problem).Produces<ProblemDocument>(404, Problem);
        group.MapGet("/transfers/{id:guid}", GetAsync).RequireScope(Scopes.CardsRead).WithName("getTransfer").WithSummary("One transfer")
            .Produces<TransferItem>().Produces<ProblemDocument>(404, Problem);
    }

    private static async Task<IResult> PostAsync(HttpContext context, PostingPipeline pipeline, TransferQueries queries)
    {
        if (!(await JsonBody.ReadAsync<PostTransferRequest>(context)).TryGet(out PostTransferRequest? body, out ProblemResult? problem))
        {
            return problem;
        }

        List<ProblemError>? errors = null;
        TransferRequest[] requests = [TransferMapping.ToLedger(body, "$", ref errors)];
        if (errors is not null)
        {
            return Problems.Invalid(errors);
        }

        PostingResult result = await pipeline.PostAsync(context.GetTenant(), requests);
        if (result.Outcome != PostingOutcome.Done)
        {
            return PostingProblems.For(result);
        }

        TransferStatus status = result.Statuses[0];
        if (status is not (TransferStatus.Ok or TransferStatus.Exists))
        {
            return PostingProblems.For(status);
        }

        bool isNew = status == TransferStatus.Ok && body.Kind is TransferKind.Post or TransferKind.Pending;
        TransferItem item = isNew && status == TransferStatus.Ok
            ? TransferMapping.ToItem(body, result.Sequences[0], result.PostedAt)
            : (await queries.FindAsync(context.GetTenant(), body.Id, context.RequestAborted))!;
        PostTransferResponse answer = new(StatusTable.SlugOf(status), item);
        return status == TransferStatus.Ok ? TypedResults.Created($"/v1/cards/transfers/{body.Id}", answer) : TypedResults.Ok(answer);
    }

    private static async Task<IResult> PostBatchAsync(HttpContext context, PostingPipeline pipeline)
    {
        if (!(await JsonBody.ReadAsync<TransferBatchRequest>(context)).TryGet(out TransferBatchRequest? body, out ProblemResult? problem))
        {
            return problem;
        }

        IReadOnlyList<PostTransferRequest> transfers = body.Transfers;
        if (transfers.Count is 0 or > LedgerLimits.TransfersPerRequestMax)
        {
            return Problems.Invalid("$.transfers", $"must hold 1 to {LedgerLimits.TransfersPerRequestMax} transfers");
        }

        List<ProblemError>? errors = null;
        TransferRequest[] requests = new TransferRequest[transfers.Count];
        for (int index = 0; index < requests.Length; index++)
        {
            if (transfers[index] is not { } transfer)
            {
                (errors ??= []).Add(new ProblemError($"$.transfers[{index}]", "must be an object"));
                continue;
            }

            int before = errors?.Count ?? 0;
            requests[index] = TransferMapping.ToLedger(transfer, "", ref errors);
            Locate(errors, before, index);
        }

        if (errors is not null)
        {
            return Problems.Invalid(errors.Count > 100 ? errors[..100] : errors);
        }

        PostingResult result = await pipeline.PostAsync(context.GetTenant(), requests);
        return result.Outcome == PostingOutcome.Done ? TypedResults.Ok(ToResponse(transfers, result)) : PostingProblems.For(result);
    }

    // The path is spelled out only for faults: a batch without any costs no text.
    private static void Locate(List<ProblemError>? errors, int from, int index)
    {
        for (int at = from; at < (errors?.Count ?? 0); at++)
        {
            errors![at] = errors[at] with { Path = $"$.transfers[{index}]{errors[at].Path}" };
        }
    }

    private static TransferBatchResponse ToResponse(IReadOnlyList<PostTransferRequest> transfers, PostingResult result)
    {
        TransferBatchResult[] results = new TransferBatchResult[transfers.Count];
        for (int index = 0; index < results.Length; index++)
        {
            results[index] = new TransferBatchResult(index, transfers[index].Id, StatusTable.SlugOf(result.Statuses[index]));
        }

        int ok = result.Statuses.AsSpan().Count(TransferStatus.Ok);
        int exists = result.Statuses.AsSpan().Count(TransferStatus.Exists);
        return new TransferBatchResponse(results, ok, exists, results.Length - ok - exists);
    }

    private static async Task<IResult> ListAsync(HttpContext context, TransferQueries queries)
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

        long? from = page.Cursor is null ? null : cursor;
        LinePage? lines = filter.AccountId is null
            ? await queries.ScanAsync(context.GetTenant(), filter, from, page.Limit, context.RequestAborted)
            : await queries.WalkAsync(context.GetTenant(), filter, from, page.Limit, context.RequestAborted);
        return lines is null
            ? PostingProblems.AccountNotFound
            : TypedResults.Ok(new Page<TransferItem>(
                [.. lines.Lines.Select(line => line.ToItem())], lines.Next > 0 ? PageCursor.Encode(lines.Next) : null));
    }

    private static async Task<IResult> GetAsync(Guid id, HttpContext context, TransferQueries queries) =>
        await queries.FindAsync(context.GetTenant(), id, context.RequestAborted) is { } item
            ? TypedResults.Ok(item)
            : PostingProblems.TransferNotFound;
}
