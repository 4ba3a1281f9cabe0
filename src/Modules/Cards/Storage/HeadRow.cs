using Iskra.Modules.Cards.Ledger;

namespace Iskra.Modules.Cards.Storage;

/// <summary>The row of <c>cards_ledger</c>.</summary>
internal sealed class HeadRow
{
    public long Epoch { get; init; }

    public long LastSequence { get; init; }

    public long Block { get; init; }

    public byte[] Hash { get; init; } = [];

    public long PostedAt { get; init; }

    public long RecoverySequence { get; init; }

    public long AccountCount { get; init; }

    public LedgerHead ToHead() => new()
    {
        Epoch = Epoch,
        LastSequence = LastSequence,
        Block = Block,
        Hash = Hash,
        PostedAt = PostedAt,
        RecoverySequence = RecoverySequence,
        AccountCount = AccountCount,
    };
}
