using Iskra.Modules.Cards.Contracts;
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

/// <summary>Opening and reading accounts.</summary>
internal static class AccountEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        RouteGroupBuilder accounts = endpoints.MapGroup("/v1/cards/accounts").WithTags("Accounts");
        accounts.MapPost("", OpenAsync).ForwardedToOwner().RequireScope(Scopes.CardsWrite)
            .WithName("openAccount").WithSummary("Open an account")
            .Accepts<OpenAccountRequest>("application/json")
            .Produces<AccountItem>(StatusCodes.Status201Created).Produces<AccountItem>()
            .Produces<ProblemDocument>(StatusCodes.Status400BadRequest, "application/problem+json")
            .Produces<ProblemDocument>(StatusCodes.Status409Conflict, "application/problem+json")
            .Produces<ProblemDocument>(StatusCodes.Status503ServiceUnavailable, "application/problem+json");
        AccountBatchEndpoint.Map(endpoints);
        accounts.MapGet("", ListAsync).RequireScope(Scopes.CardsRead).WithName("listAccounts").WithSummary("List accounts, oldest first")
            .WithPaging()
            .Produces<Page<AccountItem>>().Produces<ProblemDocument>(StatusCodes.Status400BadRequest, "application/problem+json");
        accounts.MapGet("/{id:guid}", GetAsync).RequireScope(Scopes.CardsRead).WithName("getAccount").WithSummary("One account")
            .Produces<AccountItem>().Produces<ProblemDocument>(StatusCodes.Status404NotFound, "application/problem+json");
        accounts.MapGet("/{id:guid}/balance", GetBalanceAsync).RequireScope(Scopes.CardsRead)
            .WithName("getBalance").WithSummary("An account's balance")
            .Produces<BalanceItem>().Produces<ProblemDocument>(StatusCodes.Status404NotFound, "application/problem+json");
    }

    private static async Task<IResult> OpenAsync(HttpContext context, PostingPipeline pipeline, AccountQueries queries)
    {
        if (!(await JsonBody.ReadAsync<OpenAccountRequest>(context)).TryGet(out OpenAccountRequest? body, out ProblemResult? problem))
        {
            return problem;
        }

        List<ProblemError>? errors = null;
        AccountRequest request = AccountMapping.ToLedger(body, "$", ref errors);
        if (errors is not null)
        {
            return Problems.Invalid(errors);
        }

        TenantId tenant = context.GetTenant();
        AuditEntry entry = new(tenant, AuditEventKind.AccountOpened) { Target = body.Id.ToString() };
        PostingResult result = await pipeline.OpenAsync(tenant, [request], entry);
        if (result.Outcome != PostingOutcome.Done)
        {
            return PostingProblems.For(result);
        }

        AccountStatus status = result.AccountStatuses[0];
        if (status is not (AccountStatus.Ok or AccountStatus.Exists))
        {
            return PostingProblems.For(status);
        }

        (Storage.AccountRow row, CommittedState state) = (await queries.FindAsync(tenant, body.Id, context.RequestAborted))!.Value;
        AccountItem item = AccountItem.From(row, state);
        if (status == AccountStatus.Exists)
        {
            return row.Name == request.Name ? TypedResults.Ok(item) : PostingProblems.AccountExistsWithDifferent("name");
        }

        return TypedResults.Created($"/v1/cards/accounts/{body.Id}", item);
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, AccountQueries queries, string? q = null, string? currency = null, string? kind = null)
    {
        if (!PageRequest.TryRead(context, out PageRequest? page, out ProblemResult? problem))
        {
            return problem;
        }

        Guid after = Guid.Empty;
        if (page.Cursor is not null && !PageCursor.TryDecode(page.Cursor, out after))
        {
            return PageCursor.Invalid;
        }

        AccountKind? wanted = null;
        if (kind is not null)
        {
            if (!Enum.TryParse(kind, ignoreCase: true, out AccountKind parsed) || !Enum.IsDefined(parsed) || char.IsDigit(kind[0]))
            {
                return Problems.Invalid("kind", "must be asset or liability");
            }

            wanted = parsed;
        }

        if (currency is not null && !Currencies.TryGet(currency, out _))
        {
            return Problems.Invalid("currency", "must be an ISO 4217 code such as RUB");
        }

        if (q is { Length: > AccountMapping.NameLengthMax })
        {
            return Problems.Invalid("q", $"must be at most {AccountMapping.NameLengthMax} characters");
        }

        TenantId tenant = context.GetTenant();
        long afterKey = after == Guid.Empty ? 0 : await queries.KeyOfAsync(tenant, after, context.RequestAborted);
        AccountFilter filter = new(
            tenant.Value, afterKey, page.Limit + 1, currency, wanted, AccountFilter.PatternOf(q?.Replace('\0', ' ')));
        IReadOnlyList<AccountItem> rows = await queries.ListAsync(filter, context.RequestAborted);
        return TypedResults.Ok(Page.From(rows, page.Limit, account => PageCursor.Encode(account.Id)));
    }

    private static async Task<IResult> GetAsync(Guid id, HttpContext context, AccountQueries queries) =>
        await queries.FindAsync(context.GetTenant(), id, context.RequestAborted) is { } found
            ? TypedResults.Ok(AccountItem.From(found.Row, found.State))
            : PostingProblems.AccountNotFound;

    private static async Task<IResult> GetBalanceAsync(Guid id, HttpContext context, AccountQueries queries) =>
        await queries.FindAsync(context.GetTenant(), id, context.RequestAborted) is { } found
            ? TypedResults.Ok(AccountItem.From(found.Row, found.State).Balance)
            : PostingProblems.AccountNotFound;
}
