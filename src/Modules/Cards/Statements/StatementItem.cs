using System.ComponentModel;
using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Storage;
using Iskra.Modules.Cards.Transfers;
using Iskra.Platform.Data;

namespace Iskra.Modules.Cards.Statements;

/// <summary>One line of an account's statement.</summary>
internal sealed record StatementItem(
    long Sequence,
    Guid TransferId,
    DateTimeOffset PostedAt,
    DateTimeOffset? OccurredAt,
    TransferKind Kind,
    [property: Description("debit or credit.")] string Side,
    Guid CounterpartyId,
    string CounterpartyName,
    [property: Description("Moved or reserved; minor units.")] long AmountMinor,
    [property: Description("By how much the posted balance changed: 0 for a reservation, a void or an expiry.")] long SignedAmountMinor,
    [property: Description("The posted balance after this line.")] long BalanceAfterMinor,
    string Currency,
    string? Reference)
{
    public static StatementItem From(AccountRow account, TransferRow row)
    {
        bool debit = row.DebitKey == account.Key;
        bool raises = debit == (account.Kind == AccountKind.Asset);
        long net = debit ? row.DebitNetAfter : row.CreditNetAfter;
        long moved = row.Kind is TransferKind.Post or TransferKind.PostPending ? row.AmountMinor : 0;
        return new StatementItem(
            row.Sequence,
            row.Id,
            Instants.FromMicroseconds(row.PostedAt),
            row.OccurredAt is { } at ? Instants.FromMicroseconds(at) : null,
            row.Kind,
            debit ? "debit" : "credit",
            debit ? row.CreditId : row.DebitId,
            debit ? row.CreditName : row.DebitName,
            row.AmountMinor,
            raises ? moved : -moved,
            account.Kind == AccountKind.Asset ? net : -net,
            row.Currency,
            row.Reference);
    }
}
