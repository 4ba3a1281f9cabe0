using System.Globalization;
using Iskra.Modules.Cards.Ledger;
using Iskra.Modules.Cards.Posting;
using Iskra.Platform.Audit;
using Iskra.Platform.Hosting;
using Iskra.Platform.Security;
using Iskra.Platform.Tenancy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Iskra.Modules.Cards.Accounts;

/// <summary>Opening many accounts in one commit.</summary>
internal static class AccountBatchEndpoint
{
    internal const string Ok = "ok";
    internal const string Exists = "exists";

    private const int ErrorsShownMax = 100;

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/v1/cards/accounts:batch", OpenAsync).ForwardedToOwner().RequireScope(Scopes.CardsWrite).WithTags("Accounts")
            .WithName("openAccounts").WithSummary("Open up to 8190 accounts in one commit")
            .Accepts<AccountBatchRequest>("application/json")
            .Produces<AccountBatchResponse>()
            .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> OpenAsync(HttpContext context, PostingPipeline pipeline, AccountQueries queries)
    {
        if (!(await JsonBody.ReadAsync<AccountBatchRequest>(context)).TryGet(out AccountBatchRequest? body, out ProblemResult? problem))
        {
            return problem;
        }

        IReadOnlyList<OpenAccountRequest> accounts = body.Accounts;
        if (accounts.Count is 0 or > LedgerLimits.TransfersPerRequestMax)
        {
            return Problems.Invalid("$.accounts", $"must hold 1 to {LedgerLimits.TransfersPerRequestMax} accounts");
        }

        List<ProblemError>? errors = null;
        AccountRequest[] requests = new AccountRequest[accounts.Count];
        for (int index = 0; index < requests.Length; index++)
        {
            string path = $"$.accounts[{index}]";
            if (accounts[index] is { } account)
            {
                requests[index] = AccountMapping.ToLedger(account, path, ref errors);
            }
            else
            {
                (errors ??= []).Add(new ProblemError(path, "must be an object"));
            }
        }

        if (errors is not null)
        {
            return Problems.Invalid(errors.Count > ErrorsShownMax ? errors[..ErrorsShownMax] : errors);
        }

        TenantId tenant = context.GetTenant();
        AuditEntry entry = new(tenant, AuditEventKind.AccountOpened)
        {
            Target = accounts[0].Id.ToString(),
            Details = new Dictionary<string, string> { ["accounts"] = accounts.Count.ToString(CultureInfo.InvariantCulture) },
        };
        PostingResult result = await pipeline.OpenAsync(tenant, requests, entry);
        return result.Outcome == PostingOutcome.Done
            ? TypedResults.Ok(await ToResponseAsync(tenant, requests, result, queries, context.RequestAborted))
            : PostingProblems.For(result);
    }

    private static async Task<AccountBatchResponse> ToResponseAsync(
        TenantId tenant, AccountRequest[] requests, PostingResult result, AccountQueries queries, CancellationToken cancellationToken)
    {
        // The ledger compares what it needs; names live in the store alone.
        Guid[] known =
        [
            .. requests.Where((_, index) => result.AccountStatuses[index] == AccountStatus.Exists)
                .Select(request => Storage.Uuid.ToGuid(request.Id)),
        ];
        Dictionary<Guid, string> names = known.Length == 0 ? [] : await queries.NamesAsync(tenant, known, cancellationToken);
        AccountBatchResult[] results = new AccountBatchResult[requests.Length];
        for (int index = 0; index < results.Length; index++)
        {
            Guid id = Storage.Uuid.ToGuid(requests[index].Id);
            AccountStatus status = result.AccountStatuses[index];
            bool sameName = status != AccountStatus.Exists || names.GetValueOrDefault(id) == requests[index].Name;
            results[index] = new AccountBatchResult(
                index, id, sameName ? StatusTable.ToSlug(status.ToString()) : "exists-with-different-name");
        }

        int ok = results.Count(one => one.Status == Ok);
        int exists = results.Count(one => one.Status == Exists);
        return new AccountBatchResponse(results, ok, exists, results.Length - ok - exists);
    }
}
