using Iskra.Modules.Cards.Ledger;

namespace Iskra.Modules.Cards.Verification;

/// <summary>
/// An account while the journal is replayed: <see cref="LedgerAccount.Current"/> starts at nothing and is built up again.
/// </summary>
internal sealed class AccountReplay
{
    public required LedgerAccount Account { get; init; }

    /// <summary>What the row says.</summary>
    public required Balances Stored { get; init; }

    public required long StoredLastSequence { get; init; }

    /// <summary>The row is complete up to this entry.</summary>
    public required long AsOfSequence { get; init; }

    public bool IsCompared { get; set; }
}
