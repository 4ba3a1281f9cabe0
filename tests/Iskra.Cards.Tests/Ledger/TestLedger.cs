using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Platform.Tenancy;

namespace Iskra.Cards.Tests.Ledger;

/// <summary>
/// The core with a store in memory that answers what the core asks, and forgets nothing. Small limits make it look things up and drop
/// accounts all the time.
/// </summary>
internal sealed class TestLedger
{
    private readonly Dictionary<LedgerId, LedgerAccount> _accounts = [];
    private readonly Dictionary<LedgerId, StoredTransfer> _transfers = [];
    private readonly Dictionary<LedgerId, PendingTransfer> _pendings = [];

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
            []);
    }

    public LedgerCore Core { get; }

    /// <summary>Microseconds; tests move it.</summary>
    public long Now { get; set; } = 1_000_000;

    public List<JournalEntry> Journal { get; } = [];

    /// <summary>The stored rows: what a restart would find.</summary>
    public Dictionary<LedgerId, Balances> Rows { get; } = [];

    public long RecoverySequence { get; private set; }

    public LedgerAccount Open(
        UInt128 id,
        AccountFlags flags = AccountFlags.None,
        long overdraft = 0,
        string currency = "RUB",
        AccountKind kind = AccountKind.Liability,
        TenantId? tenant = null)
    {
        TenantId owner = tenant ?? TenantId.Default;
        Core.Begin(Now);
        Core.AskAccount(owner, id);
        Answer();
        AccountStatus status = Core.Open(owner, new AccountRequest(id, $"account {id}", kind, currency, flags, overdraft));
        Assert.Equal(AccountStatus.Ok, status);
        Finish();
        return _accounts[new LedgerId(owner, id)];
    }

    public TransferStatus PostOne(TransferRequest request) => Post(request)[0];

    public TransferStatus[] Post(params TransferRequest[] requests) => PostTogether((TenantId.Default, requests))[0];

    /// <summary>Several callers' requests in one commit.</summary>
    public TransferStatus[][] PostTogether(params (TenantId Tenant, TransferRequest[] Requests)[] callers)
    {
        Core.Begin(Now);
        foreach ((TenantId tenant, TransferRequest[] requests) in callers)
        {
            Core.Ask(tenant, requests);
        }

        Answer();
        List<TransferStatus[]> answers = [];
        foreach ((TenantId tenant, TransferRequest[] requests) in callers)
        {
            TransferStatus[] statuses = new TransferStatus[requests.Length];
            long[] sequences = new long[requests.Length];
            Core.Apply(tenant, requests, statuses, sequences);
            answers.Add(statuses);
            for (int index = 0; index < statuses.Length; index++)
            {
                bool written = statuses[index] is TransferStatus.Ok or TransferStatus.Exists;
                Assert.Equal(written, sequences[index] != 0);
            }
        }

        Finish();
        return [.. answers];
    }

    public Balances BalancesOf(UInt128 id, TenantId? tenant = null)
    {
        LedgerId account = new(tenant ?? TenantId.Default, id);
        return Core.Accounts.Find(account)?.ReadCommitted().Balances ?? Rows[account];
    }

    private void Answer()
    {
        Prefetched known = Core.Known;
        foreach (LedgerId id in known.PendingIds)
        {
            if (!_pendings.TryGetValue(id, out PendingTransfer? pending))
            {
                known.TransferIds.Add(id);
                continue;
            }

            known.Pendings[id] = Copy(pending);
            Load(_accounts.Values.Single(account => account.Key == pending.DebitKey).LedgerId);
            Load(_accounts.Values.Single(account => account.Key == pending.CreditKey).LedgerId);
        }

        foreach (LedgerId id in known.TransferIds.Where(_transfers.ContainsKey))
        {
            known.Transfers[id] = _transfers[id];
        }

        foreach (LedgerId id in known.AccountIds.ToArray())
        {
            Load(id);
        }
    }

    private void Load(LedgerId id)
    {
        if (_accounts.TryGetValue(id, out LedgerAccount? account) && Core.Accounts.Find(id) is null)
        {
            LedgerAccount fresh = new()
            {
                Key = account.Key,
                Tenant = id.Tenant,
                Id = id.Id,
                Kind = account.Kind,
                Currency = account.Currency,
                Flags = account.Flags,
                OverdraftLimitMinor = account.OverdraftLimitMinor,
                Current = Rows[id],
                LastSequence = Journal.LastOrDefault(
                    entry => entry.Debit.LedgerId == id || entry.Credit.LedgerId == id).Sequence,
            };
            Core.Load(fresh);
        }
    }

    private void Finish()
    {
        LedgerCommit commit = Core.End();
        foreach (NewAccount created in commit.NewAccounts)
        {
            _accounts.Add(created.Account.LedgerId, created.Account);
            Rows[created.Account.LedgerId] = default;
        }

        foreach (ref readonly JournalEntry entry in commit.Entries)
        {
            Journal.Add(entry);
            _transfers.Add(new LedgerId(entry.Tenant, entry.Id), StoredTransfer.From(entry));
        }

        foreach (PendingTransfer pending in commit.NewPendings)
        {
            _pendings.Add(pending.LedgerId, Copy(pending));
        }

        foreach (PendingTransfer pending in commit.SettledPendings)
        {
            PendingTransfer stored = _pendings[pending.LedgerId];
            Assert.Equal(PendingState.Open, stored.State == pending.State ? PendingState.Open : stored.State);
            stored.State = pending.State;
            stored.SettledBySequence = pending.SettledBySequence;
        }

        foreach (LedgerAccount account in commit.AccountsToStore)
        {
            Rows[account.LedgerId] = account.Current;
        }

        RecoverySequence = commit.RecoverySequence;
        Core.Committed();
    }

    private static PendingTransfer Copy(PendingTransfer pending) => new()
    {
        Tenant = pending.Tenant,
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
