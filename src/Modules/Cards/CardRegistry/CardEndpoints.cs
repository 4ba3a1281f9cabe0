using Iskra.Platform.Hosting;
using Iskra.Platform.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Iskra.Modules.Cards.CardRegistry;

/// <summary>Registering and finding cards. Faults name the field and never the digits.</summary>
internal static class CardEndpoints
{
    private const string Problem = "application/problem+json";
    private const int ExpiryYearMin = 2000;
    private const int ExpiryYearMax = 2099;

    private static readonly ProblemResult NotFound = Problems.Create(404, "card-not-found", "No card has that id or number");

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        RouteGroupBuilder group = endpoints.MapGroup("/v1/cards").WithTags("Cards");
        group.MapPost("/cards", RegisterAsync).RequireScope(Scopes.CardsWrite).WithName("registerCard")
            .WithSummary("Register a card on an account")
            .Accepts<RegisterCardRequest>("application/json")
            .Produces<CardItem>(StatusCodes.Status201Created).Produces<CardItem>()
            .Produces<ProblemDocument>(400, Problem).Produces<ProblemDocument>(404, Problem).Produces<ProblemDocument>(409, Problem);
        group.MapGet("/cards", ListAsync).RequireScope(Scopes.CardsRead).WithName("listCards").WithSummary("List cards, newest first")
            .Produces<Page<CardItem>>().Produces<ProblemDocument>(400, Problem);
        group.MapGet("/cards/{id:guid}", GetAsync).RequireScope(Scopes.CardsRead).WithName("getCard").WithSummary("One card, masked")
            .Produces<CardItem>().Produces<ProblemDocument>(404, Problem);
        group.MapPost("/cards:lookup", LookUpAsync).RequireScope(Scopes.CardsRead).WithName("lookUpCard")
            .WithSummary("Find a card by its number")
            .Accepts<LookUpCardRequest>("application/json")
            .Produces<CardItem>().Produces<ProblemDocument>(400, Problem).Produces<ProblemDocument>(404, Problem);
    }

    private static async Task<IResult> RegisterAsync(HttpContext context, CardRegistryStore cards)
    {
        if (!(await JsonBody.ReadAsync<RegisterCardRequest>(context)).TryGet(out RegisterCardRequest? body, out ProblemResult? problem))
        {
            return problem;
        }

        List<ProblemError> errors = Validate(body);
        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        CardRegistration card = new()
        {
            Id = body.Id,
            AccountId = body.AccountId,
            Number = body.Number,
            ExpiryMonth = body.ExpiryMonth,
            ExpiryYear = body.ExpiryYear,
        };
        CardOutcome outcome = await cards.RegisterAsync(context.GetTenant(), card, context.RequestAborted);
        return outcome.Status switch
        {
            CardStatus.Ok => TypedResults.Created($"/v1/cards/cards/{body.Id}", CardItem.From(outcome.Card!)),
            CardStatus.Exists => TypedResults.Ok(CardItem.From(outcome.Card!)),
            CardStatus.ExistsWithDifferentAccount => Different("account", "accountId"),
            CardStatus.ExistsWithDifferentNumber => Different("number", "number"),
            CardStatus.ExistsWithDifferentExpiry => Different("expiry", "expiryMonth"),
            CardStatus.NumberRegistered => Problems.Create(
                409,
                "card-number-registered",
                "The number belongs to another card",
                errors: [new ProblemError("$.number", "is registered under another id")]),
            _ => Posting.PostingProblems.AccountNotFound,
        };
    }

    private static async Task<IResult> ListAsync(HttpContext context, CardRegistryStore cards, Guid? accountId = null)
    {
        if (!PageRequest.TryRead(context, out PageRequest? page, out ProblemResult? problem))
        {
            return problem;
        }

        long before = 0;
        if (page.Cursor is not null && !PageCursor.TryDecode(page.Cursor, out before))
        {
            return PageCursor.Invalid;
        }

        IReadOnlyList<CardRow> rows = await cards.ListAsync(
            context.GetTenant(), accountId, page.Cursor is null ? null : before, page.Limit, context.RequestAborted);
        Page<CardRow> found = Page.From(rows, page.Limit, row => PageCursor.Encode(row.Key));
        return TypedResults.Ok(new Page<CardItem>([.. found.Items.Select(CardItem.From)], found.NextCursor));
    }

    private static async Task<IResult> GetAsync(Guid id, HttpContext context, CardRegistryStore cards) =>
        await cards.FindAsync(context.GetTenant(), id, context.RequestAborted) is { } card
            ? TypedResults.Ok(CardItem.From(card))
            : NotFound;

    private static async Task<IResult> LookUpAsync(HttpContext context, CardRegistryStore cards)
    {
        if (!(await JsonBody.ReadAsync<LookUpCardRequest>(context)).TryGet(out LookUpCardRequest? body, out ProblemResult? problem))
        {
            return problem;
        }

        if (CardNumber.FindFault(body.Number) is { } fault)
        {
            return Problems.Invalid("$.number", fault);
        }

        return await cards.LookUpAsync(context.GetTenant(), body.Number, context.RequestAborted) is { } card
            ? TypedResults.Ok(CardItem.From(card))
            : NotFound;
    }

    // An expired card may be registered: history is imported too. Whether it may pay is decided when it pays.
    private static List<ProblemError> Validate(RegisterCardRequest body)
    {
        List<ProblemError> errors = [];
        if (body.Id == Guid.Empty)
        {
            errors.Add(new ProblemError("$.id", "must not be all zeros"));
        }

        if (CardNumber.FindFault(body.Number) is { } fault)
        {
            errors.Add(new ProblemError("$.number", fault));
        }

        if (body.ExpiryMonth is < 1 or > 12)
        {
            errors.Add(new ProblemError("$.expiryMonth", "must be from 1 to 12"));
        }

        if (body.ExpiryYear is < ExpiryYearMin or > ExpiryYearMax)
        {
            errors.Add(new ProblemError("$.expiryYear", $"must be from {ExpiryYearMin} to {ExpiryYearMax}"));
        }

        return errors;
    }

    private static ProblemResult Different(string what, string field) => Problems.Create(
        409,
        "card-exists-with-different-" + what,
        "The id was used for another card",
        errors: [new ProblemError("$." + field, "differs from the card that has this id")]);
}
