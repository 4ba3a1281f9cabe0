using System.ComponentModel;

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
