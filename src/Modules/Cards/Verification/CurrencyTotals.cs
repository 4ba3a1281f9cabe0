namespace Iskra.Modules.Cards.Verification;

/// <summary>Sums over all accounts of a currency. Wider than an account's: a currency may hold more than one account can.</summary>
internal sealed class CurrencyTotals
{
    public Int128 DebitsPosted { get; set; }

    public Int128 CreditsPosted { get; set; }

    public Int128 DebitsPending { get; set; }

    public Int128 CreditsPending { get; set; }

    public bool IsBalanced => DebitsPosted == CreditsPosted && DebitsPending == CreditsPending;
}
