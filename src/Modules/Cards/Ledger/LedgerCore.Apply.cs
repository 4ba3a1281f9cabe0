using Iskra.Modules.Cards.Contracts;
using Iskra.Platform.Tenancy;

namespace Iskra.Modules.Cards.Ledger;

/// <content>Applying transfers: chains of linked ones are written whole or not at all.</content>
internal sealed partial class LedgerCore
{
    private readonly List<UndoAccount> _undoAccounts = [];
    private readonly List<PendingTransfer> _undoSettled = [];
    private bool _inChain;

    private readonly record struct UndoAccount(LedgerAccount Account, Balances Balances, long LastSequence, long DirtySince);

    /// <summary>
    /// Applies one caller's transfers in order; ids are looked for among those of the caller's tenant alone. Each stands for itself unless
    /// linked. <paramref name="statuses"/> and <paramref name="sequences"/> get one value per request; a sequence is 0 where nothing was
    /// written before or now.
    /// </summary>
    public void Apply(
        TenantId tenant, ReadOnlySpan<TransferRequest> requests, Span<TransferStatus> statuses, Span<long> sequences)
    {
        _tenant = tenant;
        int index = 0;
        while (index < requests.Length)
        {
            int end = index;
            while (end < requests.Length && requests[end].Linked)
            {
                end++;
            }

            bool open = end == requests.Length;
            int count = open ? end - index : end - index + 1;
            if (count == 1 && !open)
            {
                statuses[index] = ApplyOne(requests[index], out sequences[index]);
            }
            else
            {
                ApplyChain(requests.Slice(index, count), statuses.Slice(index, count), sequences.Slice(index, count), open);
            }

            index += count;
        }
    }

    private void ApplyChain(ReadOnlySpan<TransferRequest> chain, Span<TransferStatus> statuses, Span<long> sequences, bool open)
    {
        _undoAccounts.Clear();
        _undoSettled.Clear();
        _inChain = true;
        int entriesBefore = Commit.Count;
        int pendingsBefore = Commit.NewPendings.Count;
        int failed = -1;
        int exists = 0;
        for (int index = 0; index < chain.Length && failed < 0; index++)
        {
            statuses[index] = ApplyOne(chain[index], out sequences[index]);
            exists += statuses[index] == TransferStatus.Exists ? 1 : 0;
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

        _inChain = false;

        // A retry of a whole chain finds all of it; a mixture is another chain under used ids, of which nothing may be written.
        if (failed < 0 && exists > 0 && exists < chain.Length)
        {
            failed = statuses.IndexOf(TransferStatus.Exists);
        }

        if (failed < 0)
        {
            return;
        }

        Undo(entriesBefore, pendingsBefore);
        for (int index = 0; index < chain.Length; index++)
        {
            if (index != failed)
            {
                statuses[index] = statuses[index] == TransferStatus.Exists && index < failed
                    ? TransferStatus.Exists
                    : TransferStatus.LinkedTransferFailed;
            }

            sequences[index] = statuses[index] == TransferStatus.Exists ? sequences[index] : 0;
        }
    }

    private void Undo(int entries, int pendings)
    {
        for (int index = Commit.Count - 1; index >= entries; index--)
        {
            Recent.RemoveNewest();
        }

        LastSequence -= Commit.Count - entries;
        Commit.Truncate(entries);
        for (int index = _undoAccounts.Count - 1; index >= 0; index--)
        {
            UndoAccount undo = _undoAccounts[index];
            undo.Account.Current = undo.Balances;
            undo.Account.LastSequence = undo.LastSequence;
            DirtyCount -= undo.DirtySince == 0 && undo.Account.DirtySince != 0 ? 1 : 0;
            undo.Account.DirtySince = undo.DirtySince;
        }

        for (int index = Commit.NewPendings.Count - 1; index >= pendings; index--)
        {
            _batchPendings.Remove(Commit.NewPendings[index].LedgerId);
            Commit.NewPendings.RemoveAt(index);
        }

        foreach (PendingTransfer pending in _undoSettled)
        {
            pending.State = PendingState.Open;
            pending.SettledBySequence = 0;
            Commit.SettledPendings.Remove(pending);
        }
    }

    private TransferStatus ApplyOne(in TransferRequest request, out long sequence)
    {
        sequence = 0;
        TransferStatus malformed = TransferRules.CheckForm(request);
        if (malformed != TransferStatus.Ok)
        {
            return malformed;
        }

        if (FindStored(new LedgerId(_tenant, request.Id)) is { } stored)
        {
            TransferStatus same = stored.Compare(request);
            sequence = same == TransferStatus.Exists ? stored.Sequence : 0;
            return same;
        }

        TransferStatus shape = TransferRules.CheckShape(request);
        if (shape != TransferStatus.Ok)
        {
            return shape;
        }

        return request.Kind is TransferKind.Post or TransferKind.Pending
            ? ApplyNew(request, out sequence)
            : ApplySettlement(request, out sequence);
    }

    private StoredTransfer? FindStored(LedgerId id)
    {
        if (Recent.TryGetSequence(id, out long sequence) && sequence > _committedSequence)
        {
            return StoredTransfer.From(Commit[(int)(sequence - _committedSequence - 1)]);
        }

        return Known.Transfers.GetValueOrDefault(id);
    }

    private TransferStatus ApplyNew(in TransferRequest request, out long sequence)
    {
        sequence = 0;
        LedgerAccount? debit = Accounts.Find(new LedgerId(_tenant, request.DebitAccountId));
        LedgerAccount? credit = Accounts.Find(new LedgerId(_tenant, request.CreditAccountId));
        TransferStatus status = TransferRules.CheckAccounts(request, debit, credit);
        if (status != TransferStatus.Ok)
        {
            return status;
        }

        bool pending = request.Kind == TransferKind.Pending;
        Balances debitAfter = debit!.Current;
        Balances creditAfter = credit!.Current;
        if (pending)
        {
            debitAfter.DebitsPending += request.AmountMinor;
            creditAfter.CreditsPending += request.AmountMinor;
        }
        else
        {
            debitAfter.DebitsPosted += request.AmountMinor;
            creditAfter.CreditsPosted += request.AmountMinor;
        }

        status = TransferRules.CheckLimits(debit, debitAfter, credit, creditAfter);
        if (status != TransferStatus.Ok)
        {
            return status;
        }

        ref JournalEntry entry = ref Write(request, debit, debitAfter, credit, creditAfter);
        entry.AmountMinor = request.AmountMinor;
        sequence = entry.Sequence;
        if (pending)
        {
            PendingTransfer reserved = new()
            {
                Tenant = _tenant,
                Id = request.Id,
                Sequence = sequence,
                DebitKey = debit.Key,
                CreditKey = credit.Key,
                AmountMinor = request.AmountMinor,
                ExpiresAt = request.TimeoutSeconds == 0 ? null : _now + (request.TimeoutSeconds * 1_000_000L),
            };
            _batchPendings.Add(reserved.LedgerId, reserved);
            Commit.NewPendings.Add(reserved);
        }

        return TransferStatus.Ok;
    }

    private TransferStatus ApplySettlement(in TransferRequest request, out long sequence)
    {
        sequence = 0;
        LedgerId pendingId = new(_tenant, request.PendingId);
        PendingTransfer? pending = _batchPendings.GetValueOrDefault(pendingId) ?? Known.Pendings.GetValueOrDefault(pendingId);
        if (pending is null)
        {
            return FindStored(pendingId) is null
                ? TransferStatus.PendingTransferNotFound
                : TransferStatus.PendingTransferNotPending;
        }

        LedgerAccount debit = Accounts.FindByKey(pending.DebitKey) ?? throw Missing(pending.DebitKey);
        LedgerAccount credit = Accounts.FindByKey(pending.CreditKey) ?? throw Missing(pending.CreditKey);
        TransferStatus status = TransferRules.CheckSettlement(request, pending, debit, credit, _now);
        if (status != TransferStatus.Ok)
        {
            return status;
        }

        long posted = request.Kind != TransferKind.PostPending ? 0 : request.AmountMinor == 0 ? pending.AmountMinor : request.AmountMinor;
        Balances debitAfter = debit.Current;
        Balances creditAfter = credit.Current;
        debitAfter.DebitsPending -= pending.AmountMinor;
        debitAfter.DebitsPosted += posted;
        creditAfter.CreditsPending -= pending.AmountMinor;
        creditAfter.CreditsPosted += posted;
        if (TransferRules.Overflows(debitAfter) || TransferRules.Overflows(creditAfter))
        {
            return TransferStatus.OverflowsBalance;
        }

        ref JournalEntry entry = ref Write(request, debit, debitAfter, credit, creditAfter);
        entry.AmountMinor = posted;
        entry.ReleasedMinor = pending.AmountMinor;
        entry.PendingSequence = pending.Sequence;
        entry.PendingId = pending.Id;
        sequence = entry.Sequence;
        pending.SettledBySequence = sequence;
        pending.State = request.Kind switch
        {
            TransferKind.PostPending => PendingState.Posted,
            TransferKind.VoidPending => PendingState.Voided,
            _ => PendingState.Expired,
        };
        if (_inChain)
        {
            _undoSettled.Add(pending);
        }

        Commit.SettledPendings.Add(pending);
        return TransferStatus.Ok;
    }

    private ref JournalEntry Write(
        in TransferRequest request, LedgerAccount debit, in Balances debitAfter, LedgerAccount credit, in Balances creditAfter)
    {
        if (debitAfter.DebitsPending < 0 || creditAfter.CreditsPending < 0)
        {
            throw new LedgerInvariantException("A reservation would be released twice.");
        }

        if (debit.Tenant != _tenant || credit.Tenant != _tenant)
        {
            throw new LedgerInvariantException("A transfer would touch an account of another tenant.");
        }

        LastSequence++;
        ref JournalEntry entry = ref Commit.Add();
        entry = new JournalEntry
        {
            Sequence = LastSequence,
            Tenant = _tenant,
            Id = request.Id,
            Kind = request.Kind,
            Debit = debit,
            Credit = credit,
            TimeoutSeconds = request.TimeoutSeconds,
            Code = request.Code,
            Reference = request.Reference,
            OccurredAt = request.OccurredAt,
            PostedAt = _now,
            DebitPrevious = debit.LastSequence,
            CreditPrevious = credit.LastSequence,
            DebitNetAfter = debitAfter.NetDebit,
            CreditNetAfter = creditAfter.NetDebit,
        };
        Touch(debit, debitAfter);
        Touch(credit, creditAfter);
        Recent.Add(new LedgerId(_tenant, request.Id), LastSequence);
        return ref entry;
    }

    private void Touch(LedgerAccount account, in Balances after)
    {
        if (_inChain)
        {
            _undoAccounts.Add(new UndoAccount(account, account.Current, account.LastSequence, account.DirtySince));
        }

        account.Current = after;
        account.LastSequence = LastSequence;
        MarkDirty(account, LastSequence);
        if (account.TouchedByBatch != _batch)
        {
            account.TouchedByBatch = _batch;
            _touched.Add(account);
        }
    }

    private static LedgerInvariantException Missing(long key) => new($"Account {key} of a pending transfer is not loaded.");
}
