namespace Iskra.Modules.Cards.Ledger;

/// <summary>The ledger's one row of state: where the journal ends and who may write.</summary>
internal sealed record LedgerHead
{
    public required long Epoch { get; init; }

    public required long LastSequence { get; init; }

    public required long Block { get; init; }

    public required byte[] Hash { get; init; }

    public required long PostedAt { get; init; }

    public required long RecoverySequence { get; init; }

    public required long AccountCount { get; init; }
}
