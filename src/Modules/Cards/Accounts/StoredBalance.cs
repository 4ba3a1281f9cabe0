using Iskra.Modules.Cards.Ledger;
using Iskra.Modules.Cards.Storage;

namespace Iskra.Modules.Cards.Accounts;

/// <summary>An account and its balance as the cache keeps them; the row's own sums are behind.</summary>
internal sealed record StoredBalance(
    AccountRow Row,
    long DebitsPending,
    long DebitsPosted,
    long CreditsPending,
    long CreditsPosted,
    long LastSequence,
    long AsOfSequence)
{
    public static StoredBalance Of(AccountRow row, CommittedState state) => new(
        row,
        state.Balances.DebitsPending,
        state.Balances.DebitsPosted,
        state.Balances.CreditsPending,
        state.Balances.CreditsPosted,
        state.LastSequence,
        state.AsOfSequence);

    public CommittedState ToState() => new(
        new Balances(DebitsPending, DebitsPosted, CreditsPending, CreditsPosted), LastSequence, AsOfSequence);
}
