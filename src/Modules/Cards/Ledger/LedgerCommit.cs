namespace Iskra.Modules.Cards.Ledger;

/// <summary>Everything that one commit writes, in one transaction. Reused from commit to commit.</summary>
internal sealed class LedgerCommit
{
    private JournalEntry[] _entries = new JournalEntry[1024];

    /// <summary>The number of journal entries.</summary>
    public int Count { get; private set; }

    public ReadOnlySpan<JournalEntry> Entries => _entries.AsSpan(0, Count);

    /// <summary>For the engines' bulk writers, which can't hold a span across an await.</summary>
    public ReadOnlyMemory<JournalEntry> EntriesMemory => _entries.AsMemory(0, Count);

    public List<NewAccount> NewAccounts { get; } = [];

    public List<PendingTransfer> NewPendings { get; } = [];

    public List<PendingTransfer> SettledPendings { get; } = [];

    /// <summary>Accounts whose stored row is brought up to date by this commit.</summary>
    public List<LedgerAccount> AccountsToStore { get; } = [];

    public long PreviousSequence { get; set; }

    public long LastSequence { get; set; }

    public long Block { get; set; }

    public byte[] PreviousHash { get; set; } = [];

    public byte[] Hash { get; set; } = [];

    public long PostedAt { get; set; }

    /// <summary>Rows of accounts are complete up to here; a restart replays the journal from the next entry on.</summary>
    public long RecoverySequence { get; set; }

    public long AccountCount { get; set; }

    public long Epoch { get; set; }

    public bool IsEmpty => Count == 0 && NewAccounts.Count == 0 && AccountsToStore.Count == 0;

    public ref readonly JournalEntry this[int index] => ref Entries[index];

    public ref JournalEntry Add()
    {
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, _entries.Length * 2);
        }

        return ref _entries[Count++];
    }

    public void Truncate(int count) => Count = count;

    public void Clear()
    {
        Array.Clear(_entries, 0, Count);
        Count = 0;
        NewAccounts.Clear();
        NewPendings.Clear();
        SettledPendings.Clear();
        AccountsToStore.Clear();
    }
}
