namespace Iskra.Modules.Cards.Ledger;

/// <summary>An account to be written, with what only the store needs.</summary>
internal sealed record NewAccount(LedgerAccount Account, string Name, long CreatedAt);
