using Iskra.Modules.Cards.Contracts;

namespace Iskra.Modules.Cards.Ledger;

/// <summary>
/// The balances as a fold over the journal: used to recover after a crash and to verify, independent of how entries are decided.
/// </summary>
internal static class JournalFold
{
    public static void Apply(TransferKind kind, long amountMinor, long releasedMinor, ref Balances debit, ref Balances credit)
    {
        checked
        {
            ApplyDebit(kind, amountMinor, releasedMinor, ref debit);
            ApplyCredit(kind, amountMinor, releasedMinor, ref credit);
        }
    }

    public static void ApplyDebit(TransferKind kind, long amountMinor, long releasedMinor, ref Balances debit)
    {
        if (kind == TransferKind.Pending)
        {
            debit.DebitsPending = checked(debit.DebitsPending + amountMinor);
            return;
        }

        debit.DebitsPosted = checked(debit.DebitsPosted + amountMinor);
        debit.DebitsPending = checked(debit.DebitsPending - releasedMinor);
    }

    public static void ApplyCredit(TransferKind kind, long amountMinor, long releasedMinor, ref Balances credit)
    {
        if (kind == TransferKind.Pending)
        {
            credit.CreditsPending = checked(credit.CreditsPending + amountMinor);
            return;
        }

        credit.CreditsPosted = checked(credit.CreditsPosted + amountMinor);
        credit.CreditsPending = checked(credit.CreditsPending - releasedMinor);
    }
}
