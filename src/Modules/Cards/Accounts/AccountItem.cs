using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Modules.Cards.Storage;
using Iskra.Platform.Data;

namespace Iskra.Modules.Cards.Accounts;

/// <summary>An account with its balance, as the API shows it.</summary>
internal sealed record AccountItem(
    Guid Id,
    string Name,
    AccountKind Kind,
    string Currency,
    IReadOnlyList<string> Flags,
    long OverdraftLimitMinor,
    DateTimeOffset CreatedAt,
    BalanceItem Balance)
{
    public static AccountItem From(AccountRow row, CommittedState state) => new(
        row.Id,
        row.Name,
        row.Kind,
        row.Currency,
        AccountFlagNames.ToNames(row.Flags),
        row.OverdraftLimitMinor,
        Instants.FromMicroseconds(row.CreatedAt),
        BalanceItem.From(row.Kind, row.Flags, row.OverdraftLimitMinor, state));
}
