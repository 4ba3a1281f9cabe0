namespace Iskra.Modules.Cards.Ledger;

/// <summary>What a batch needs from the store: first the questions, then the answers. Reused from batch to batch.</summary>
internal sealed class Prefetched
{
    public HashSet<LedgerId> AccountIds { get; } = [];

    public HashSet<LedgerId> TransferIds { get; } = [];

    public HashSet<LedgerId> PendingIds { get; } = [];

    public Dictionary<LedgerId, StoredTransfer> Transfers { get; } = [];

    public Dictionary<LedgerId, PendingTransfer> Pendings { get; } = [];

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
