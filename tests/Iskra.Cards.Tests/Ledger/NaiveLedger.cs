using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;

namespace Iskra.Cards.Tests.Ledger;

/// <summary>
/// The ledger's rules written again in the plainest way: copies of everything, no memory limits, a list of checks in the documented
/// order. It shares no code with the core.
/// </summary>
internal sealed class NaiveLedger
{
    private const long Max = 9_007_199_254_740_991;
    private State _state = new();

    public IReadOnlyDictionary<UInt128, Account> Accounts => _state.Accounts;

    public long Now { get; set; }

    public void Open(UInt128 id, AccountFlags flags, long overdraft, string currency) =>
        _state.Accounts.Add(id, new Account(flags, overdraft, currency, 0, 0, 0, 0));

    public TransferStatus[] Post(TransferRequest[] requests)
    {
        TransferStatus[] statuses = new TransferStatus[requests.Length];
        for (int from = 0; from < requests.Length;)
        {
            int to = from;
            while (to < requests.Length && requests[to].Linked)
            {
                to++;
            }

            bool open = to == requests.Length;
            to = open ? to : to + 1;
            PostChain(requests[from..to], statuses.AsSpan(from, to - from), open);
            from = to;
        }

        return statuses;
    }

    private void PostChain(TransferRequest[] chain, Span<TransferStatus> statuses, bool open)
    {
        State before = _state.Copy();
        int failed = -1;
        for (int index = 0; index < chain.Length && failed < 0; index++)
        {
            statuses[index] = PostOne(chain[index]);
            if (statuses[index] is not (TransferStatus.Ok or TransferStatus.Exists))
            {
                failed = index;
            }
        }

        if (failed < 0 && open)
        {
            failed = chain.Length - 1;
            statuses[failed] = TransferStatus.LinkedChainOpen;
        }

        int exists = statuses.Count(TransferStatus.Exists);
        bool mixed = failed < 0 && exists > 0 && exists < chain.Length;
        if (failed < 0 && !mixed)
        {
            return;
        }

        _state = before;
        if (mixed)
        {
            failed = statuses.IndexOf(TransferStatus.Exists);
        }

        for (int index = 0; index < chain.Length; index++)
        {
            bool keeps = index == failed || (index < failed && statuses[index] == TransferStatus.Exists);
            statuses[index] = keeps ? statuses[index] : TransferStatus.LinkedTransferFailed;
        }
    }

    private TransferStatus PostOne(TransferRequest r)
    {
        bool settles = r.Kind is TransferKind.PostPending or TransferKind.VoidPending;
        List<(bool Wrong, TransferStatus Status)> form =
        [
            (r.Id == 0, TransferStatus.IdMustNotBeZero),
            (r.AmountMinor < 0 || (r.AmountMinor == 0 && !settles), TransferStatus.AmountMustBePositive),
            (r.AmountMinor > Max, TransferStatus.AmountTooLarge),
            (r.Code is < 0 or > 65535, TransferStatus.CodeOutOfRange),
            (r.Reference is "" || r.Reference?.Length > 64, TransferStatus.ReferenceInvalid),
            (r.TimeoutSeconds < 0 || r.TimeoutSeconds > 366 * 86400, TransferStatus.TimeoutOutOfRange),
        ];
        if (First(form) is { } malformed)
        {
            return malformed;
        }

        if (_state.Transfers.TryGetValue(r.Id, out Transfer? old))
        {
            return Compare(r, old, settles);
        }

        List<(bool Wrong, TransferStatus Status)> shape =
        [
            (settles && r.PendingId == 0, TransferStatus.PendingIdRequired),
            (!settles && r.PendingId != 0, TransferStatus.PendingIdMustBeAbsent),
            (r.TimeoutSeconds > 0 && r.Kind != TransferKind.Pending, TransferStatus.TimeoutReservedForPending),
            (!settles && r.DebitAccountId == 0, TransferStatus.DebitAccountRequired),
            (!settles && r.CreditAccountId == 0, TransferStatus.CreditAccountRequired),
            (r.DebitAccountId != 0 && r.DebitAccountId == r.CreditAccountId, TransferStatus.AccountsMustBeDifferent),
        ];
        return First(shape) ?? (settles ? Settle(r) : Move(r));
    }

    private static TransferStatus Compare(TransferRequest r, Transfer old, bool settles) => First(
        [
            (r.Kind != old.Kind, TransferStatus.ExistsWithDifferentKind),
            (r.PendingId != old.PendingId, TransferStatus.ExistsWithDifferentPendingId),
            (r.TimeoutSeconds != old.Timeout, TransferStatus.ExistsWithDifferentTimeout),
            (r.DebitAccountId != old.Debit && !(settles && r.DebitAccountId == 0), TransferStatus.ExistsWithDifferentDebitAccount),
            (r.CreditAccountId != old.Credit && !(settles && r.CreditAccountId == 0), TransferStatus.ExistsWithDifferentCreditAccount),
            (!old.AmountsAsked.Contains(r.AmountMinor), TransferStatus.ExistsWithDifferentAmount),
            (r.Currency != old.Currency && !(settles && r.Currency is null), TransferStatus.ExistsWithDifferentCurrency),
            (r.Code != old.Code, TransferStatus.ExistsWithDifferentCode),
            (r.Reference != old.Reference, TransferStatus.ExistsWithDifferentReference),
            (r.OccurredAt != old.OccurredAt, TransferStatus.ExistsWithDifferentOccurredAt),
        ]) ?? TransferStatus.Exists;

    private TransferStatus Move(TransferRequest r)
    {
        Account? debit = _state.Accounts.GetValueOrDefault(r.DebitAccountId);
        Account? credit = _state.Accounts.GetValueOrDefault(r.CreditAccountId);
        List<(bool Wrong, TransferStatus Status)> accounts =
        [
            (debit is null, TransferStatus.DebitAccountNotFound),
            (credit is null, TransferStatus.CreditAccountNotFound),
            (debit?.Currency != credit?.Currency, TransferStatus.AccountsMustHaveSameCurrency),
            (r.Currency is not null && r.Currency != debit?.Currency, TransferStatus.CurrencyMustMatchAccounts),
            (debit?.Flags.HasFlag(AccountFlags.Frozen) ?? false, TransferStatus.DebitAccountFrozen),
            (credit?.Flags.HasFlag(AccountFlags.Frozen) ?? false, TransferStatus.CreditAccountFrozen),
        ];
        if (First(accounts) is { } refused)
        {
            return refused;
        }

        bool pending = r.Kind == TransferKind.Pending;
        Account d = pending ? debit! with { DP = debit.DP + r.AmountMinor } : debit! with { DD = debit.DD + r.AmountMinor };
        Account c = pending ? credit! with { CP = credit.CP + r.AmountMinor } : credit! with { CC = credit.CC + r.AmountMinor };
        List<(bool Wrong, TransferStatus Status)> limits =
        [
            (Over(d) || Over(c), TransferStatus.OverflowsBalance),
            (d.Flags.HasFlag(AccountFlags.DebitsMayNotExceedCredits) && d.DP + d.DD > d.CC + d.Overdraft, TransferStatus.ExceedsCredits),
            (c.Flags.HasFlag(AccountFlags.CreditsMayNotExceedDebits) && c.CP + c.CC > c.DD + c.Overdraft, TransferStatus.ExceedsDebits),
        ];
        if (First(limits) is { } beyond)
        {
            return beyond;
        }

        _state.Accounts[r.DebitAccountId] = d;
        _state.Accounts[r.CreditAccountId] = c;
        long? expires = pending && r.TimeoutSeconds > 0 ? Now + (r.TimeoutSeconds * 1_000_000L) : null;
        Hold? hold = pending ? new Hold(r.AmountMinor, expires, null) : null;
        Remember(r, r.DebitAccountId, r.CreditAccountId, d.Currency, [r.AmountMinor], hold);
        return TransferStatus.Ok;
    }

    private TransferStatus Settle(TransferRequest r)
    {
        if (!_state.Transfers.TryGetValue(r.PendingId, out Transfer? target))
        {
            return TransferStatus.PendingTransferNotFound;
        }

        if (target.Hold is not { } hold)
        {
            return TransferStatus.PendingTransferNotPending;
        }

        List<(bool Wrong, TransferStatus Status)> checks =
        [
            (r.DebitAccountId != 0 && r.DebitAccountId != target.Debit, TransferStatus.PendingTransferHasDifferentDebitAccount),
            (r.CreditAccountId != 0 && r.CreditAccountId != target.Credit, TransferStatus.PendingTransferHasDifferentCreditAccount),
            (hold.Settled == TransferKind.PostPending, TransferStatus.PendingTransferAlreadyPosted),
            (hold.Settled == TransferKind.VoidPending, TransferStatus.PendingTransferAlreadyVoided),
            (hold.ExpiresAt <= Now, TransferStatus.PendingTransferExpired),
            (r.Kind == TransferKind.PostPending && r.AmountMinor > hold.Amount, TransferStatus.ExceedsPendingAmount),
            (r.Kind == TransferKind.VoidPending && r.AmountMinor != 0 && r.AmountMinor != hold.Amount, TransferStatus.VoidAmountMustMatch),
            (r.Currency is not null && r.Currency != target.Currency, TransferStatus.CurrencyMustMatchAccounts),
        ];
        if (First(checks) is { } refused)
        {
            return refused;
        }

        long posted = r.Kind == TransferKind.VoidPending ? 0 : r.AmountMinor == 0 ? hold.Amount : r.AmountMinor;
        Account debit = _state.Accounts[target.Debit];
        Account credit = _state.Accounts[target.Credit];
        _state.Accounts[target.Debit] = debit with { DP = debit.DP - hold.Amount, DD = debit.DD + posted };
        _state.Accounts[target.Credit] = credit with { CP = credit.CP - hold.Amount, CC = credit.CC + posted };
        _state.Transfers[r.PendingId] = target with { Hold = hold with { Settled = r.Kind } };
        long[] asked = r.Kind == TransferKind.VoidPending ? [0, hold.Amount] : posted == hold.Amount ? [0, posted] : [posted];
        Remember(r, target.Debit, target.Credit, target.Currency, asked, null);
        return TransferStatus.Ok;
    }

    private void Remember(TransferRequest r, UInt128 debit, UInt128 credit, string currency, long[] asked, Hold? hold) =>
        _state.Transfers.Add(
            r.Id,
            new Transfer(r.Kind, debit, credit, currency, r.PendingId, r.TimeoutSeconds, asked, r.Code, r.Reference, r.OccurredAt, hold));

    private static bool Over(Account a) => a.DP + a.DD > Max || a.CP + a.CC > Max;

    private static TransferStatus? First(List<(bool Wrong, TransferStatus Status)> checks) =>
        checks.Where(check => check.Wrong).Select(check => (TransferStatus?)check.Status).FirstOrDefault();

    internal sealed record Account(AccountFlags Flags, long Overdraft, string Currency, long DP, long DD, long CP, long CC);

    private sealed record Hold(long Amount, long? ExpiresAt, TransferKind? Settled);

    private sealed record Transfer(
        TransferKind Kind,
        UInt128 Debit,
        UInt128 Credit,
        string Currency,
        UInt128 PendingId,
        int Timeout,
        long[] AmountsAsked,
        int Code,
        string? Reference,
        long? OccurredAt,
        Hold? Hold);

    private sealed class State
    {
        public Dictionary<UInt128, Account> Accounts { get; private init; } = [];

        public Dictionary<UInt128, Transfer> Transfers { get; private init; } = [];

        public State Copy() => new() { Accounts = new(Accounts), Transfers = new(Transfers) };
    }
}
