namespace Iskra.Modules.Cards.CardRegistry;

/// <summary>A card as the caller registers it; checked before it gets here. Not a record: nothing prints the number.</summary>
internal sealed class CardRegistration
{
    public required Guid Id { get; init; }

    public required Guid AccountId { get; init; }

    public required string Number { get; init; }

    public required int ExpiryMonth { get; init; }

    public required int ExpiryYear { get; init; }
}

/// <summary>The outcome of registering a card, in order of precedence.</summary>
internal enum CardStatus
{
    Ok = 0,
    ExistsWithDifferentAccount = 1,
    ExistsWithDifferentNumber = 2,
    ExistsWithDifferentExpiry = 3,
    Exists = 4,
    NumberRegistered = 5,
    AccountNotFound = 6,
}

/// <summary>The outcome, and the card where there is one.</summary>
internal readonly record struct CardOutcome(CardStatus Status, CardRow? Card);
