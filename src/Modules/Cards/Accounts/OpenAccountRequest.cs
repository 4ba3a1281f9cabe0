using System.ComponentModel;
using Iskra.Modules.Cards.Contracts;

namespace Iskra.Modules.Cards.Accounts;

/// <summary>The body of <c>POST /v1/cards/accounts</c>.</summary>
internal sealed record OpenAccountRequest
{
    [Description("The caller's id, a UUID; a UUIDv7 is best. The same id and content again answers 200.")]
    public required Guid Id { get; init; }

    [Description("For people; 1 to 200 characters.")]
    public required string Name { get; init; }

    [Description("The side on which the balance grows.")]
    public required AccountKind Kind { get; init; }

    [Description("ISO 4217, three capital letters.")]
    public required string Currency { get; init; }

    [Description("debitsMayNotExceedCredits, creditsMayNotExceedDebits, frozen.")]
    public IReadOnlyList<string>? Flags { get; init; }

    [Description("How far a limited side may go beyond the other; minor units, 0 or more.")]
    public long OverdraftLimitMinor { get; init; }
}
