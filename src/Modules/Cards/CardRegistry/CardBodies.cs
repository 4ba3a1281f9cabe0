using System.ComponentModel;
using Iskra.Platform.Data;

namespace Iskra.Modules.Cards.CardRegistry;

/// <summary>The body of <c>POST /v1/cards/cards</c>. Not a record: its text would hold the number.</summary>
internal sealed class RegisterCardRequest
{
    [Description("The caller's id, a UUID; a UUIDv7 is best. The same id and content again answers 200. It is the card's token.")]
    public required Guid Id { get; init; }

    [Description("The account that the card draws on.")]
    public required Guid AccountId { get; init; }

    [Description("12 to 19 digits with a valid check digit. Stored encrypted; never given back.")]
    public required string Number { get; init; }

    [Description("1 to 12.")]
    public required int ExpiryMonth { get; init; }

    [Description("Four digits.")]
    public required int ExpiryYear { get; init; }
}

/// <summary>The body of <c>POST /v1/cards/cards:lookup</c>: a body, because addresses end up in logs.</summary>
internal sealed class LookUpCardRequest
{
    [Description("12 to 19 digits with a valid check digit.")]
    public required string Number { get; init; }
}

/// <summary>A card, masked.</summary>
internal sealed record CardItem(
    Guid Id,
    Guid AccountId,
    [property: Description("The first six digits.")] string Bin,
    [property: Description("The last four digits.")] string Last4,
    int ExpiryMonth,
    int ExpiryYear,
    [property: Description("What stands for the number everywhere else; equal to the id.")] Guid Token,
    DateTimeOffset CreatedAt)
{
    public static CardItem From(CardRow row) => new(
        row.Id, row.AccountId, row.Bin, row.Last4, row.ExpiryMonth, row.ExpiryYear, row.Id, Instants.FromMicroseconds(row.CreatedAt));
}
