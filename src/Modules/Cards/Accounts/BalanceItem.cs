using System.ComponentModel;
using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;

namespace Iskra.Modules.Cards.Accounts;

/// <summary>An account's sums in minor units.</summary>
internal sealed record BalanceItem(
    long DebitsPendingMinor,
    long DebitsPostedMinor,
    long CreditsPendingMinor,
    long CreditsPostedMinor,
    [property: Description("Posted: debits minus credits for an asset, credits minus debits for a liability.")] long BalanceMinor,
    [property: Description("What a limited side may still move, reservations and overdraft included; else the balance.")]
    long AvailableMinor,
    [property: Description("The journal sequence up to which the sums are complete.")] long AsOfSequence)
{
    public static BalanceItem From(AccountKind kind, AccountFlags flags, long overdraftLimitMinor, CommittedState state)
    {
        Balances sums = state.Balances;
        long balance = kind == AccountKind.Asset ? sums.NetDebit : -sums.NetDebit;
        long available = flags switch
        {
            _ when (flags & AccountFlags.DebitsMayNotExceedCredits) != 0 =>
                sums.CreditsPosted + overdraftLimitMinor - sums.DebitsPosted - sums.DebitsPending,
            _ when (flags & AccountFlags.CreditsMayNotExceedDebits) != 0 =>
                sums.DebitsPosted + overdraftLimitMinor - sums.CreditsPosted - sums.CreditsPending,
            _ => balance,
        };
        return new BalanceItem(
            sums.DebitsPending, sums.DebitsPosted, sums.CreditsPending, sums.CreditsPosted, balance, available, state.AsOfSequence);
    }
}
