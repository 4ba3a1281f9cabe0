using System.ComponentModel;
using Iskra.Platform.Data;

namespace Iskra.Modules.Cards.CardRegistry;

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
