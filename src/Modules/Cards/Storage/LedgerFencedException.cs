namespace Iskra.Modules.Cards.Storage;

/// <summary>Another process writes the ledger now; this one must start over before it may write again.</summary>
internal sealed class LedgerFencedException : Exception
{
    public LedgerFencedException()
        : base("Another process has taken the ledger over.")
    {
    }
}
