using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Platform.Tenancy;

namespace Iskra.Modules.Cards.Verification;

/// <summary>
/// Replays the journal entry by entry and compares every step with what is stored. Pure: it is given rows and knows no store. It goes on
/// after a difference, so that one report shows all of them.
/// </summary>
internal sealed class JournalReplay
{
    private readonly VerificationReport _report;
    private readonly LedgerHead _head;
    private readonly Dictionary<long, AccountReplay> _accounts = [];
    private readonly Dictionary<long, PendingReplay> _pendings = [];
    private long _expected = 1;
    private long _postedAt;

    public JournalReplay(VerificationReport report, LedgerHead head)
    {
        _report = report;
        _head = head;
    }

    public void Add(AccountReplay account)
    {
        _report.Accounts++;
        if (!_accounts.TryAdd(account.Account.Key, account))
        {
            _report.Add($"Account key {account.Account.Key} is there twice.");
        }
    }

    /// <summary>The account of an entry. One that is missing is reported, and stood in for so that the replay goes on.</summary>
    public LedgerAccount AccountOf(long key, long sequence, TenantId tenant)
    {
        if (_accounts.TryGetValue(key, out AccountReplay? known))
        {
            return known.Account;
        }

        _report.Add($"Entry {sequence} names account key {key}, which has no row.");
        LedgerAccount missing = new()
        {
            Key = key,
            Tenant = tenant,
            Id = 0,
            Kind = AccountKind.Asset,
            Currency = "",
            Flags = AccountFlags.None,
            OverdraftLimitMinor = 0,
        };
        _accounts.Add(key, new AccountReplay
        {
            Account = missing,
            Stored = default,
            StoredLastSequence = 0,
            AsOfSequence = 0,
            IsCompared = true,
        });
        return missing;
    }

    public void Apply(in JournalEntry entry)
    {
        _report.Entries++;
        if (entry.Sequence != _expected)
        {
            _report.Add($"Entries {_expected} to {entry.Sequence - 1} are missing.");
        }

        if (entry.PostedAt < _postedAt)
        {
            _report.Add($"Entry {entry.Sequence} was posted before the one in front of it.");
        }

        _expected = entry.Sequence + 1;
        _postedAt = entry.PostedAt;
        CompareBefore(entry.Debit, entry.Sequence);
        CompareBefore(entry.Credit, entry.Sequence);
        CheckForm(entry);
        CheckLink(entry, entry.Debit, entry.DebitPrevious, "debit");
        CheckLink(entry, entry.Credit, entry.CreditPrevious, "credit");
        ApplyPending(entry);
        Fold(entry);
        entry.Debit.LastSequence = entry.Sequence;
        entry.Credit.LastSequence = entry.Sequence;
        CheckNet(entry, entry.Debit, entry.DebitNetAfter, "debit");
        CheckNet(entry, entry.Credit, entry.CreditNetAfter, "credit");
        CheckLimits(entry.Debit, entry.Sequence);
        CheckLimits(entry.Credit, entry.Sequence);
    }

    /// <summary>Compares a stored reservation with the journal's. Called after the last entry.</summary>
    public void Compare(PendingTransfer stored)
    {
        if (!_pendings.TryGetValue(stored.Sequence, out PendingReplay? replayed) || replayed.Id != stored.Id
            || replayed.Tenant != stored.Tenant)
        {
            _report.Add($"The pending transfer of entry {stored.Sequence} is stored, but the journal has none there.");
            return;
        }

        replayed.IsStored = true;
        if (stored.State != replayed.State || stored.SettledBySequence != replayed.SettledBySequence)
        {
            _report.Add(
                $"The pending transfer of entry {stored.Sequence} is stored as {stored.State} by entry {stored.SettledBySequence}; "
                + $"the journal says {replayed.State} by entry {replayed.SettledBySequence}.");
        }

        if (stored.AmountMinor != replayed.AmountMinor || stored.DebitKey != replayed.DebitKey || stored.CreditKey != replayed.CreditKey
            || stored.ExpiresAt != replayed.ExpiresAt)
        {
            _report.Add($"The pending transfer of entry {stored.Sequence} is stored with another content than the journal's.");
        }
    }

    /// <summary>What can only be said after the last row.</summary>
    public void End()
    {
        if (_expected - 1 != _head.LastSequence)
        {
            _report.Add($"The journal ends at entry {_expected - 1}, its head at {_head.LastSequence}.");
        }

        if (_report.Accounts != _head.AccountCount)
        {
            _report.Add($"There are {_report.Accounts} accounts; the head counts {_head.AccountCount}.");
        }

        EndPendings();
        foreach (AccountReplay account in _accounts.Values)
        {
            if (!account.IsCompared)
            {
                Compare(account);
            }

            Sum(account.Account);
        }

        foreach ((int tenant, SortedDictionary<string, CurrencyTotals> currencies) in _report.Tenants)
        {
            if (!_report.Slugs.ContainsKey(tenant))
            {
                _report.Add($"There are accounts of tenant {tenant}, which has no row.");
            }

            foreach ((string currency, CurrencyTotals totals) in currencies.Where(pair => !pair.Value.IsBalanced))
            {
                _report.Add($"The debits of {currency} of tenant {tenant} don't equal its credits.");
            }
        }
    }

    private void EndPendings()
    {
        Dictionary<long, long> debits = [];
        Dictionary<long, long> credits = [];
        foreach ((long sequence, PendingReplay pending) in _pendings)
        {
            _report.Pendings++;
            if (!pending.IsStored)
            {
                _report.Add($"The pending transfer of entry {sequence} has no row.");
            }

            if (pending.State == PendingState.Open)
            {
                _report.OpenPendings++;
                debits[pending.DebitKey] = debits.GetValueOrDefault(pending.DebitKey) + pending.AmountMinor;
                credits[pending.CreditKey] = credits.GetValueOrDefault(pending.CreditKey) + pending.AmountMinor;
            }
        }

        foreach ((long key, AccountReplay account) in _accounts)
        {
            Balances balances = account.Account.Current;
            if (balances.DebitsPending != debits.GetValueOrDefault(key) || balances.CreditsPending != credits.GetValueOrDefault(key))
            {
                _report.Add($"{Name(account.Account)}: its reservations are not the sum of its open pending transfers.");
            }
        }
    }

    private void Fold(in JournalEntry entry)
    {
        try
        {
            JournalFold.Apply(entry.Kind, entry.AmountMinor, entry.ReleasedMinor, ref entry.Debit.Current, ref entry.Credit.Current);
        }
        catch (OverflowException)
        {
            _report.Add($"Entry {entry.Sequence}: its amount takes a sum out of range.");
        }
    }

    private void CompareBefore(LedgerAccount account, long sequence)
    {
        AccountReplay replay = _accounts[account.Key];
        if (!replay.IsCompared && sequence > replay.AsOfSequence)
        {
            Compare(replay);
        }

        // A restart replays from the recovery point: what the row lacks before it would be lost.
        if (sequence > replay.AsOfSequence && sequence <= _head.RecoverySequence)
        {
            _report.Add($"{Name(account)}: its row lacks entry {sequence}, which a restart would not replay.");
        }
    }

    private void Compare(AccountReplay replay)
    {
        replay.IsCompared = true;
        if (replay.Stored != replay.Account.Current)
        {
            _report.Add(
                $"{Name(replay.Account)}: its row says {Words(replay.Stored)}; the journal up to entry {replay.AsOfSequence} "
                + $"says {Words(replay.Account.Current)}.");
        }

        if (replay.StoredLastSequence != replay.Account.LastSequence)
        {
            _report.Add(
                $"{Name(replay.Account)}: its row names entry {replay.StoredLastSequence} as its last; "
                + $"the journal says {replay.Account.LastSequence}.");
        }
    }

    private void CheckForm(in JournalEntry entry)
    {
        bool settles = entry.Kind is TransferKind.PostPending or TransferKind.VoidPending or TransferKind.ExpirePending;
        bool amountFits = entry.Kind switch
        {
            TransferKind.Post or TransferKind.Pending => entry.AmountMinor > 0 && entry.ReleasedMinor == 0,
            TransferKind.PostPending => entry.AmountMinor > 0 && entry.AmountMinor <= entry.ReleasedMinor,
            TransferKind.VoidPending or TransferKind.ExpirePending => entry.AmountMinor == 0 && entry.ReleasedMinor > 0,
            _ => false,
        };
        if (!amountFits || settles != (entry.PendingSequence != 0))
        {
            _report.Add($"Entry {entry.Sequence}: its kind, amounts and pending transfer don't go together.");
        }

        if (entry.Debit.Key == entry.Credit.Key || entry.Debit.Currency != entry.Credit.Currency)
        {
            _report.Add($"Entry {entry.Sequence}: its accounts are the same, or of different currencies.");
        }

        if (entry.Debit.Tenant != entry.Tenant || entry.Credit.Tenant != entry.Tenant)
        {
            _report.Add($"Entry {entry.Sequence}: its accounts belong to another tenant than it.");
        }
    }

    private void CheckLink(in JournalEntry entry, LedgerAccount account, long previous, string side)
    {
        if (previous != account.LastSequence)
        {
            _report.Add($"Entry {entry.Sequence}: its {side} account's entry before is {account.LastSequence}, not {previous}.");
        }
    }

    private void CheckNet(in JournalEntry entry, LedgerAccount account, long netAfter, string side)
    {
        if (netAfter != account.Current.NetDebit)
        {
            _report.Add(
                $"Entry {entry.Sequence}: it says that its {side} account stood at {netAfter} after it; "
                + $"the replay says {account.Current.NetDebit}.");
        }
    }

    private void ApplyPending(in JournalEntry entry)
    {
        if (entry.Kind == TransferKind.Pending)
        {
            _pendings[entry.Sequence] = new PendingReplay
            {
                Tenant = entry.Tenant,
                Id = entry.Id,
                DebitKey = entry.Debit.Key,
                CreditKey = entry.Credit.Key,
                AmountMinor = entry.AmountMinor,
                ExpiresAt = entry.TimeoutSeconds == 0 ? null : entry.PostedAt + (entry.TimeoutSeconds * 1_000_000L),
            };
            return;
        }

        if (entry.PendingSequence == 0)
        {
            return;
        }

        if (!_pendings.TryGetValue(entry.PendingSequence, out PendingReplay? pending) || pending.State != PendingState.Open)
        {
            _report.Add($"Entry {entry.Sequence} settles entry {entry.PendingSequence}, which is no open pending transfer.");
            return;
        }

        if (entry.ReleasedMinor != pending.AmountMinor || entry.Debit.Key != pending.DebitKey || entry.Credit.Key != pending.CreditKey)
        {
            _report.Add($"Entry {entry.Sequence} settles entry {entry.PendingSequence} with another amount or other accounts.");
        }

        pending.SettledBySequence = entry.Sequence;
        pending.State = entry.Kind switch
        {
            TransferKind.PostPending => PendingState.Posted,
            TransferKind.VoidPending => PendingState.Voided,
            _ => PendingState.Expired,
        };
    }

    private void CheckLimits(LedgerAccount account, long sequence)
    {
        Balances balances = account.Current;
        if (balances.DebitsPending < 0 || balances.CreditsPending < 0 || TransferRules.Overflows(balances))
        {
            _report.Add($"{Name(account)}: after entry {sequence} its sums are out of range.");
        }

        bool overdrawn = account.Has(AccountFlags.DebitsMayNotExceedCredits)
            && balances.DebitsPending + balances.DebitsPosted > balances.CreditsPosted + account.OverdraftLimitMinor;
        bool overpaid = account.Has(AccountFlags.CreditsMayNotExceedDebits)
            && balances.CreditsPending + balances.CreditsPosted > balances.DebitsPosted + account.OverdraftLimitMinor;
        if (overdrawn || overpaid)
        {
            _report.Add($"{Name(account)}: after entry {sequence} it is beyond its limit.");
        }
    }

    private void Sum(LedgerAccount account)
    {
        CurrencyTotals totals = _report.TotalsOf(account.Tenant.Value, account.Currency);
        totals.DebitsPosted += account.Current.DebitsPosted;
        totals.CreditsPosted += account.Current.CreditsPosted;
        totals.DebitsPending += account.Current.DebitsPending;
        totals.CreditsPending += account.Current.CreditsPending;
    }

    private static string Name(LedgerAccount account) => $"Account {Storage.Uuid.ToGuid(account.Id)}";

    private static string Words(in Balances balances) =>
        $"debits {balances.DebitsPosted} (+{balances.DebitsPending} pending), "
        + $"credits {balances.CreditsPosted} (+{balances.CreditsPending} pending)";
}
