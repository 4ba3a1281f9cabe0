using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Modules.Cards.Posting;
using Iskra.Platform.Hosting;
using Iskra.Platform.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Iskra.Modules.Cards.Accounts;

/// <summary>Opening and reading accounts.</summary>
internal static class AccountEndpoints
{
    private const int NameLengthMax = 200;

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

        List<ProblemError> errors = Validate(body, out AccountFlags flags, out string? currency);
        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        AccountRequest request = new(
            Storage.Uuid.ToUInt128(body.Id), body.Name.Trim(), body.Kind, currency!, flags, body.OverdraftLimitMinor);
        PostingResult result = await pipeline.OpenAsync([request]);
        if (result.Outcome != PostingOutcome.Done)
        {
            return PostingProblems.For(result);
        }

        AccountStatus status = result.AccountStatuses[0];
        if (status is not (AccountStatus.Ok or AccountStatus.Exists))
        {
            return PostingProblems.For(status);
        }

        (Storage.AccountRow row, CommittedState state) = (await queries.FindAsync(body.Id, context.RequestAborted))!.Value;
        AccountItem item = AccountItem.From(row, state);
        if (status == AccountStatus.Exists)
        {
            return row.Name == request.Name ? TypedResults.Ok(item) : PostingProblems.AccountExistsWithDifferent("name");
        }

        return TypedResults.Created($"/v1/cards/accounts/{body.Id}", item);
    }

    private static List<ProblemError> Validate(OpenAccountRequest body, out AccountFlags flags, out string? currency)
    {
        List<ProblemError> errors = [];
        flags = AccountFlags.None;
        if (body.Id == Guid.Empty)
        {
            errors.Add(new ProblemError("$.id", "must not be all zeros"));
        }

        string name = body.Name.Trim();
        if (name.Length is 0 or > NameLengthMax || name.Any(char.IsControl))
        {
            errors.Add(new ProblemError("$.name", $"must be 1 to {NameLengthMax} characters without control characters"));
        }

        if (!Currencies.TryGet(body.Currency, out currency))
        {
            errors.Add(new ProblemError("$.currency", "must be an ISO 4217 code such as RUB, three capital letters"));
        }

        if (body.OverdraftLimitMinor is < 0 or > LedgerLimits.AmountMinorMax)
        {
            errors.Add(new ProblemError("$.overdraftLimitMinor", $"must be from 0 to {LedgerLimits.AmountMinorMax}"));
        }

        IReadOnlyList<string> names = body.Flags ?? [];
        for (int index = 0; index < names.Count; index++)
        {
            if (!AccountFlagNames.TryParse(names[index], out AccountFlags flag))
            {
                errors.Add(new ProblemError($"$.flags[{index}]", $"must be one of {AccountFlagNames.Known}"));
            }

            flags |= flag;
        }

        return errors;
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

        if (q is { Length: > NameLengthMax })
        {
            return Problems.Invalid("q", $"must be at most {NameLengthMax} characters");
        }

        long afterKey = after == Guid.Empty ? 0 : await queries.KeyOfAsync(after, context.RequestAborted);
        AccountFilter filter = new(afterKey, page.Limit + 1, currency, wanted, AccountFilter.PatternOf(q?.Replace('\0', ' ')));
        IReadOnlyList<AccountItem> rows = await queries.ListAsync(filter, context.RequestAborted);
        return TypedResults.Ok(Page.From(rows, page.Limit, account => PageCursor.Encode(account.Id)));
    }

    private static async Task<IResult> GetAsync(Guid id, HttpContext context, AccountQueries queries) =>
        await queries.FindAsync(id, context.RequestAborted) is { } found
            ? TypedResults.Ok(AccountItem.From(found.Row, found.State))
            : PostingProblems.AccountNotFound;

    private static async Task<IResult> GetBalanceAsync(Guid id, HttpContext context, AccountQueries queries) =>
        await queries.FindAsync(id, context.RequestAborted) is { } found
            ? TypedResults.Ok(AccountItem.From(found.Row, found.State).Balance)
            : PostingProblems.AccountNotFound;
}
