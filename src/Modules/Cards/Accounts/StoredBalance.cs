using Iskra.Modules.Cards.Ledger;

namespace Iskra.Modules.Cards.Accounts;

/// <summary>A balance as the cache keeps it.</summary>
internal sealed record StoredBalance(
    long DebitsPending, long DebitsPosted, long CreditsPending, long CreditsPosted, long LastSequence, long AsOfSequence)
{
    public static StoredBalance Of(CommittedState state) => new(
        state.Balances.DebitsPending,
        state.Balances.DebitsPosted,
        state.Balances.CreditsPending,
        state.Balances.CreditsPosted,
        state.LastSequence,
        state.AsOfSequence);

    public CommittedState ToState() => new(
        new Balances(DebitsPending, DebitsPosted, CreditsPending, CreditsPosted), LastSequence, AsOfSequence);
}
