namespace Iskra.Modules.Cards.Ledger;

/// <summary>What a batch needs from the store: first the questions, then the answers. Reused from batch to batch.</summary>
internal sealed class Prefetched
{
    public HashSet<UInt128> AccountIds { get; } = [];

    public HashSet<UInt128> TransferIds { get; } = [];

    public HashSet<UInt128> PendingIds { get; } = [];

    public Dictionary<UInt128, StoredTransfer> Transfers { get; } = [];

    public Dictionary<UInt128, PendingTransfer> Pendings { get; } = [];

    public bool HasQuestions => AccountIds.Count + TransferIds.Count + PendingIds.Count > 0;

    public void Clear()
    {
        AccountIds.Clear();
        TransferIds.Clear();
        PendingIds.Clear();
        Transfers.Clear();
        Pendings.Clear();
    }
}
