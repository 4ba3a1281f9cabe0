namespace Iskra.Modules.Cards.Ledger;

/// <summary>The four sums of an account in minor units, each within 0 and <see cref="LedgerLimits.AmountMinorMax"/>.</summary>
internal record struct Balances(long DebitsPending, long DebitsPosted, long CreditsPending, long CreditsPosted)
{
    /// <summary>Posted debits minus posted credits: the signed balance seen from the debit side.</summary>
    public readonly long NetDebit => DebitsPosted - CreditsPosted;
}
