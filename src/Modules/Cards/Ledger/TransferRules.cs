using Iskra.Modules.Cards.Contracts;

namespace Iskra.Modules.Cards.Ledger;

/// <summary>The rules of one transfer, in the order of precedence that <see cref="TransferStatus"/> documents. Pure.</summary>
internal static class TransferRules
{
    /// <summary>What is wrong whatever the ledger holds.</summary>
    public static TransferStatus CheckForm(in TransferRequest request)
    {
        bool settles = Settles(request.Kind);
        return request switch
        {
            { Id: var id } when id == 0 => TransferStatus.IdMustNotBeZero,
            { AmountMinor: < 0 } => TransferStatus.AmountMustBePositive,
            { AmountMinor: 0 } when !settles => TransferStatus.AmountMustBePositive,
            { AmountMinor: > LedgerLimits.AmountMinorMax } => TransferStatus.AmountTooLarge,
            { Code: < 0 or > LedgerLimits.CodeMax } => TransferStatus.CodeOutOfRange,
            { Reference: { } reference } when !IsReference(reference) => TransferStatus.ReferenceInvalid,
            { TimeoutSeconds: < 0 or > LedgerLimits.TimeoutSecondsMax } => TransferStatus.TimeoutOutOfRange,
            _ => TransferStatus.Ok,
        };
    }

    /// <summary>
    /// Which fields belong together. Checked after the look-up of the id, so that a retry of a written transfer is told so.
    /// </summary>
    public static TransferStatus CheckShape(in TransferRequest request)
    {
        bool settles = Settles(request.Kind);
        return request switch
        {
            { PendingId: var pending } when settles && pending == 0 => TransferStatus.PendingIdRequired,
            { PendingId: var pending } when !settles && pending != 0 => TransferStatus.PendingIdMustBeAbsent,
            { TimeoutSeconds: > 0 } when request.Kind != TransferKind.Pending => TransferStatus.TimeoutReservedForPending,
            { DebitAccountId: var debit } when !settles && debit == 0 => TransferStatus.DebitAccountRequired,
            { CreditAccountId: var credit } when !settles && credit == 0 => TransferStatus.CreditAccountRequired,
            _ when request.DebitAccountId != 0 && request.DebitAccountId == request.CreditAccountId =>
                TransferStatus.AccountsMustBeDifferent,
            _ => TransferStatus.Ok,
        };
    }

    public static TransferStatus CheckAccounts(in TransferRequest request, LedgerAccount? debit, LedgerAccount? credit)
    {
        if (debit is null)
        {
            return TransferStatus.DebitAccountNotFound;
        }

        if (credit is null)
        {
            return TransferStatus.CreditAccountNotFound;
        }

        return request switch
        {
            _ when debit.Currency != credit.Currency => TransferStatus.AccountsMustHaveSameCurrency,
            _ when request.Currency is not null && request.Currency != debit.Currency => TransferStatus.CurrencyMustMatchAccounts,
            _ when debit.Has(AccountFlags.Frozen) => TransferStatus.DebitAccountFrozen,
            _ when credit.Has(AccountFlags.Frozen) => TransferStatus.CreditAccountFrozen,
            _ => TransferStatus.Ok,
        };
    }

    public static TransferStatus CheckSettlement(
        in TransferRequest request, PendingTransfer pending, LedgerAccount debit, LedgerAccount credit, long now) => request switch
        {
            { DebitAccountId: var id } when id != 0 && id != debit.Id => TransferStatus.PendingTransferHasDifferentDebitAccount,
            { CreditAccountId: var id } when id != 0 && id != credit.Id => TransferStatus.PendingTransferHasDifferentCreditAccount,
            _ when pending.State == PendingState.Posted => TransferStatus.PendingTransferAlreadyPosted,
            _ when pending.State == PendingState.Voided => TransferStatus.PendingTransferAlreadyVoided,
            _ when pending.State == PendingState.Expired => TransferStatus.PendingTransferExpired,
            { Kind: TransferKind.ExpirePending } when !(pending.ExpiresAt <= now) => TransferStatus.PendingTransferExpired,
            { Kind: not TransferKind.ExpirePending } when pending.ExpiresAt <= now => TransferStatus.PendingTransferExpired,
            { Kind: TransferKind.PostPending } when request.AmountMinor > pending.AmountMinor => TransferStatus.ExceedsPendingAmount,
            { Kind: TransferKind.VoidPending, AmountMinor: var amount } when amount != 0 && amount != pending.AmountMinor =>
                TransferStatus.VoidAmountMustMatch,
            _ when request.Currency is not null && request.Currency != debit.Currency => TransferStatus.CurrencyMustMatchAccounts,
            _ => TransferStatus.Ok,
        };

    /// <summary>The accounts' own rules, on the balances as they would be.</summary>
    public static TransferStatus CheckLimits(LedgerAccount debit, in Balances debitAfter, LedgerAccount credit, in Balances creditAfter)
    {
        if (Overflows(debitAfter) || Overflows(creditAfter))
        {
            return TransferStatus.OverflowsBalance;
        }

        if (debit.Has(AccountFlags.DebitsMayNotExceedCredits)
            && debitAfter.DebitsPending + debitAfter.DebitsPosted > debitAfter.CreditsPosted + debit.OverdraftLimitMinor)
        {
            return TransferStatus.ExceedsCredits;
        }

        return credit.Has(AccountFlags.CreditsMayNotExceedDebits)
            && creditAfter.CreditsPending + creditAfter.CreditsPosted > creditAfter.DebitsPosted + credit.OverdraftLimitMinor
                ? TransferStatus.ExceedsDebits
                : TransferStatus.Ok;
    }

    /// <summary>Sums stay within 2^53-1 each, pending and posted together as well.</summary>
    public static bool Overflows(in Balances balances) =>
        balances.DebitsPending + balances.DebitsPosted > LedgerLimits.AmountMinorMax
        || balances.CreditsPending + balances.CreditsPosted > LedgerLimits.AmountMinorMax;

    private static bool Settles(TransferKind kind) =>
        kind is TransferKind.PostPending or TransferKind.VoidPending or TransferKind.ExpirePending;

    private static bool IsReference(string reference)
    {
        if (reference.Length is 0 or > LedgerLimits.ReferenceLengthMax)
        {
            return false;
        }

        foreach (char character in reference)
        {
            if (char.IsControl(character) || char.IsSurrogate(character))
            {
                return false;
            }
        }

        return true;
    }
}
