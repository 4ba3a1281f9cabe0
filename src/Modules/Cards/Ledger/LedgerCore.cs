using Iskra.Modules.Cards.Contracts;
using Iskra.Platform.Tenancy;

namespace Iskra.Modules.Cards.Ledger;

/// <summary>
/// The ledger as a deterministic state machine: a batch of requests, what the store knows about them, and the time go in; statuses and
/// journal entries come out. It does no I/O and has no clock. One writer drives it: <see cref="Begin"/>, <see cref="Ask"/>,
/// <see cref="Apply"/>…, <see cref="End"/>, then <see cref="Committed"/> when the store is durable.
/// </summary>
internal sealed partial class LedgerCore
{
    /// <summary>About what a page of the store holds.</summary>
    private const int RowsPerPage = 32;

    private readonly LedgerCoreOptions _options;
    private readonly JournalHash _hash = new();
    private readonly List<LedgerAccount> _touched = [];
    private readonly Queue<(LedgerAccount Account, long Since)> _dirty = new();
    private readonly Dictionary<LedgerId, PendingTransfer> _batchPendings = [];
    private TenantId _tenant;
    private long _now;
    private long _batch;
    private long _committedSequence;
    private double _rowsOwed;

    public LedgerCore(LedgerCoreOptions options)
    {
        _options = options;
        Accounts = new AccountTable(options.AccountsInMemoryMax);
        Recent = new RecentIds(options.RecentIds);
    }

    public AccountTable Accounts { get; }

    public RecentIds Recent { get; }

    public Prefetched Known { get; } = new();

    public LedgerCommit Commit { get; } = new();

    /// <summary>The newest sequence applied, durable or not.</summary>
    public long LastSequence { get; private set; }

    public long Block { get; private set; }

    public byte[] LastHash { get; private set; } = JournalHash.Genesis;

    public long AccountCount { get; private set; }

    public long LastPostedAt { get; private set; }

    /// <summary>Accounts that the batch has changed.</summary>
    public IReadOnlyList<LedgerAccount> Touched => _touched;

    /// <summary>Accounts whose stored row is behind.</summary>
    public int DirtyCount { get; private set; }

    /// <summary>Which writer this is: a later one has a higher number.</summary>
    public long Epoch => Commit.Epoch;

    /// <summary>Starts over from what the store holds.</summary>
    /// <param name="head">The head row.</param>
    /// <param name="largestIds">The largest id of each tenant that has any.</param>
    public void Reset(LedgerHead head, IEnumerable<LedgerId> largestIds)
    {
        Accounts.Clear();
        Recent.Reset(largestIds);
        Known.Clear();
        Commit.Clear();
        _touched.Clear();
        _dirty.Clear();
        _batchPendings.Clear();
        _rowsOwed = 0;
        DirtyCount = 0;
        LastSequence = head.LastSequence;
        _committedSequence = head.LastSequence;
        Block = head.Block;
        LastHash = head.Hash;
        AccountCount = head.AccountCount;
        LastPostedAt = head.PostedAt;
        Commit.Epoch = head.Epoch;
    }

    /// <summary>Begins a batch at an instant (microseconds UTC) that never goes backwards, whatever the clock does.</summary>
    public void Begin(long now)
    {
        _batch++;
        Commit.Clear();
        Known.Clear();
        _touched.Clear();
        _batchPendings.Clear();
        _now = Math.Max(now, LastPostedAt);
        Commit.PreviousSequence = LastSequence;
        Commit.PreviousHash = LastHash;
    }

    /// <summary>Notes what must be looked up before <see cref="Apply"/>.</summary>
    public void Ask(TenantId tenant, ReadOnlySpan<TransferRequest> requests)
    {
        Recent.Select(tenant);
        foreach (ref readonly TransferRequest request in requests)
        {
            LedgerId id = new(tenant, request.Id);
            if (Recent.TryGetSequence(id, out long at) ? at <= _committedSequence : Recent.IsBelowFloor(request.Id))
            {
                Known.TransferIds.Add(id);
            }

            if (request.PendingId != 0)
            {
                Known.PendingIds.Add(new LedgerId(tenant, request.PendingId));
            }

            AskAccount(tenant, request.DebitAccountId);
            AskAccount(tenant, request.CreditAccountId);
        }
    }

    /// <summary>As <see cref="Ask(TenantId, ReadOnlySpan{TransferRequest})"/>, for an account to be opened.</summary>
    public void AskAccount(TenantId tenant, UInt128 id)
    {
        LedgerId account = new(tenant, id);
        if (id != 0 && Accounts.Find(account) is null)
        {
            Known.AccountIds.Add(account);
        }
    }

    /// <summary>Takes an account from the store, with the state that its row holds.</summary>
    public void Load(LedgerAccount account)
    {
        if (Accounts.FindByKey(account.Key) is null)
        {
            account.Publish(LastSequence);
            Accounts.Add(account);
        }
    }

    public AccountStatus Open(TenantId tenant, AccountRequest request)
    {
        if (Accounts.Find(new LedgerId(tenant, request.Id)) is { } existing)
        {
            return existing switch
            {
                _ when existing.Kind != request.Kind => AccountStatus.ExistsWithDifferentKind,
                _ when existing.Currency != request.Currency => AccountStatus.ExistsWithDifferentCurrency,
                _ when existing.Flags != request.Flags => AccountStatus.ExistsWithDifferentFlags,
                _ when existing.OverdraftLimitMinor != request.OverdraftLimitMinor => AccountStatus.ExistsWithDifferentOverdraftLimit,
                _ => AccountStatus.Exists,
            };
        }

        AccountCount++;
        LedgerAccount account = new()
        {
            Key = AccountCount,
            Tenant = tenant,
            Id = request.Id,
            Kind = request.Kind,
            Currency = request.Currency,
            Flags = request.Flags,
            OverdraftLimitMinor = request.OverdraftLimitMinor,
        };
        Accounts.Add(account);
        Commit.NewAccounts.Add(new NewAccount(account, request.Name, _now));
        return AccountStatus.Ok;
    }

    /// <summary>Closes the batch: the hash of its entries, and the account rows that are due to be brought up to date.</summary>
    /// <param name="storeAll">Brings every row up to date: at shutdown and when idle.</param>
    public LedgerCommit End(bool storeAll = false)
    {
        if (Commit.Count > 0)
        {
            Block++;
            LastHash = _hash.Next(LastHash, Commit.Entries);
            LastPostedAt = _now;
        }

        Commit.Block = Block;
        Commit.Hash = LastHash;
        Commit.PostedAt = LastPostedAt;
        Commit.LastSequence = LastSequence;
        Commit.AccountCount = AccountCount;
        CollectDirty(storeAll);
        Commit.RecoverySequence = TryPeekDirty(out (LedgerAccount, long Since) oldest) ? oldest.Since - 1 : LastSequence;
        return Commit;
    }

    /// <summary>The commit is durable: readers may see it. Called once after <see cref="End"/>.</summary>
    public int Committed()
    {
        foreach (LedgerAccount account in _touched)
        {
            account.Publish(LastSequence);
        }

        foreach (NewAccount created in Commit.NewAccounts)
        {
            created.Account.Publish(LastSequence);
        }

        _committedSequence = LastSequence;
        return Accounts.Evict(_batch);
    }

    /// <summary>Notes that the account's stored row lacks the entry.</summary>
    public void MarkDirty(LedgerAccount account, long sequence)
    {
        if (account.DirtySince == 0)
        {
            account.DirtySince = sequence;
            DirtyCount++;
            _dirty.Enqueue((account, sequence));
        }
    }

    private void CollectDirty(bool storeAll)
    {
        long due = storeAll ? long.MaxValue : LastSequence - _options.RecoveryTail;
        int limit = _options.AccountRowsPerCommitMax;

        // A steady share of the rows goes with every commit, a quarter more than the tail asks for. Left until they are due, all accounts
        // that were touched together would be due together, and the commits of that moment would take many times as long.
        _rowsOwed = Math.Min(limit, _rowsOwed + (1.25 * DirtyCount * Commit.Count / _options.RecoveryTail));
        while (TryPeekDirty(out (LedgerAccount Account, long Since) oldest)
            && (oldest.Since <= due || _rowsOwed >= 1)
            && Commit.AccountsToStore.Count < limit)
        {
            Store(oldest.Account);
            StoreNeighbours(oldest.Account.Key, limit);
        }
    }

    // Rows lie in the order of their keys: those that share a page with one that is written anyway cost next to nothing more.
    private void StoreNeighbours(long key, int limit)
    {
        long first = key - ((key - 1) % RowsPerPage);
        for (long other = first; other < first + RowsPerPage && Commit.AccountsToStore.Count < limit; other++)
        {
            if (Accounts.FindByKey(other) is { DirtySince: not 0 } account)
            {
                Store(account);
            }
        }
    }

    private void Store(LedgerAccount account)
    {
        account.DirtySince = 0;
        DirtyCount--;
        _rowsOwed = Math.Max(0, _rowsOwed - 1);
        Commit.AccountsToStore.Add(account);
    }

    private bool TryPeekDirty(out (LedgerAccount Account, long Since) oldest)
    {
        // An entry whose mark differs is stale: its chain was refused, or the row was stored, and perhaps dirtied again later.
        while (_dirty.TryPeek(out oldest) && oldest.Account.DirtySince != oldest.Since)
        {
            _dirty.Dequeue();
        }

        return _dirty.Count > 0;
    }
}
