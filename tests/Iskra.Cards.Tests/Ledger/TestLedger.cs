using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;

namespace Iskra.Cards.Tests.Ledger;

/// <summary>
/// The core with a store in memory that answers what the core asks, and forgets nothing. Small limits make it look things up and drop
/// accounts all the time.
/// </summary>
internal sealed class TestLedger
{
    private readonly Dictionary<UInt128, LedgerAccount> _accounts = [];
    private readonly Dictionary<UInt128, StoredTransfer> _transfers = [];
    private readonly Dictionary<UInt128, PendingTransfer> _pendings = [];

    public TestLedger(int accountsInMemory = 4, int recentIds = 64, int recoveryTail = 3, int rowsPerCommit = 100)
    {
        Core = new LedgerCore(new LedgerCoreOptions(accountsInMemory, recentIds, recoveryTail, rowsPerCommit));
        Core.Reset(
            new LedgerHead
            {
                Epoch = 1,
                LastSequence = 0,
                Block = 0,
                Hash = JournalHash.Genesis,
                PostedAt = 0,
                RecoverySequence = 0,
                AccountCount = 0,
            },
            largestId: 0);
    }

    public LedgerCore Core { get; }

    /// <summary>Microseconds; tests move it.</summary>
    public long Now { get; set; } = 1_000_000;

    public List<JournalEntry> Journal { get; } = [];

    /// <summary>The stored rows: what a restart would find.</summary>
    public Dictionary<UInt128, Balances> Rows { get; } = [];

    public long RecoverySequence { get; private set; }

    public LedgerAccount Open(
        UInt128 id,
        AccountFlags flags = AccountFlags.None,
        long overdraft = 0,
        string currency = "RUB",
        AccountKind kind = AccountKind.Liability)
    {
        Core.Begin(Now);
        Core.AskAccount(id);
        Answer();
        AccountStatus status = Core.Open(new AccountRequest(id, $"account {id}", kind, currency, flags, overdraft));
        Assert.Equal(AccountStatus.Ok, status);
        Finish();
        return _accounts[id];
    }

    public TransferStatus PostOne(TransferRequest request) => Post(request)[0];

    public TransferStatus[] Post(params TransferRequest[] requests)
    {
        TransferStatus[] statuses = new TransferStatus[requests.Length];
        long[] sequences = new long[requests.Length];
        Core.Begin(Now);
        Core.Ask(requests);
        Answer();
        Core.Apply(requests, statuses, sequences);
        Finish();
        for (int index = 0; index < statuses.Length; index++)
        {
            bool written = statuses[index] is TransferStatus.Ok or TransferStatus.Exists;
            Assert.Equal(written, sequences[index] != 0);
        }

        return statuses;
    }

    public Balances BalancesOf(UInt128 id) => Core.Accounts.Find(id)?.ReadCommitted().Balances ?? Rows[id];

    private void Answer()
    {
        Prefetched known = Core.Known;
        foreach (UInt128 id in known.PendingIds)
        {
            if (!_pendings.TryGetValue(id, out PendingTransfer? pending))
            {
                known.TransferIds.Add(id);
                continue;
            }

            known.Pendings[id] = Copy(pending);
            Load(_accounts.Values.Single(account => account.Key == pending.DebitKey).Id);
            Load(_accounts.Values.Single(account => account.Key == pending.CreditKey).Id);
        }

        foreach (UInt128 id in known.TransferIds.Where(_transfers.ContainsKey))
        {
            known.Transfers[id] = _transfers[id];
        }

        foreach (UInt128 id in known.AccountIds.ToArray())
        {
            Load(id);
        }
    }

    private void Load(UInt128 id)
    {
        if (_accounts.TryGetValue(id, out LedgerAccount? account) && Core.Accounts.Find(id) is null)
        {
            LedgerAccount fresh = new()
            {
                Key = account.Key,
                Id = id,
                Kind = account.Kind,
                Currency = account.Currency,
                Flags = account.Flags,
                OverdraftLimitMinor = account.OverdraftLimitMinor,
                Current = Rows[id],
                LastSequence = Journal.LastOrDefault(entry => entry.Debit.Id == id || entry.Credit.Id == id).Sequence,
            };
            Core.Load(fresh);
        }
    }

    private void Finish()
    {
        LedgerCommit commit = Core.End();
        foreach (NewAccount created in commit.NewAccounts)
        {
            _accounts.Add(created.Account.Id, created.Account);
            Rows[created.Account.Id] = default;
        }

        foreach (ref readonly JournalEntry entry in commit.Entries)
        {
            Journal.Add(entry);
            _transfers.Add(entry.Id, StoredTransfer.From(entry));
        }

        foreach (PendingTransfer pending in commit.NewPendings)
        {
            _pendings.Add(pending.Id, Copy(pending));
        }

        foreach (PendingTransfer pending in commit.SettledPendings)
        {
            Assert.Equal(PendingState.Open, _pendings[pending.Id].State == pending.State ? PendingState.Open : _pendings[pending.Id].State);
            _pendings[pending.Id].State = pending.State;
            _pendings[pending.Id].SettledBySequence = pending.SettledBySequence;
        }

        foreach (LedgerAccount account in commit.AccountsToStore)
        {
            Rows[account.Id] = account.Current;
        }

        RecoverySequence = commit.RecoverySequence;
        Core.Committed();
    }

    private static PendingTransfer Copy(PendingTransfer pending) => new()
    {
        Id = pending.Id,
        Sequence = pending.Sequence,
        DebitKey = pending.DebitKey,
        CreditKey = pending.CreditKey,
        AmountMinor = pending.AmountMinor,
        ExpiresAt = pending.ExpiresAt,
        State = pending.State,
        SettledBySequence = pending.SettledBySequence,
    };
}
