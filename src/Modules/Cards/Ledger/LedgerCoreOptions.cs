namespace Iskra.Modules.Cards.Ledger;

/// <summary>Sizes of the ledger's memory; see PostingOptions for their ranges and defaults.</summary>
internal sealed record LedgerCoreOptions(int AccountsInMemoryMax, int RecentIds, int RecoveryTail, int AccountRowsPerCommitMax);
