namespace Iskra.Modules.Cards.Ledger;

/// <summary>
/// Something that can't be true is: the operation stops before anything is written, the writer drops what it holds in memory and
/// starts over from the store.
/// </summary>
internal sealed class LedgerInvariantException : Exception
{
    public LedgerInvariantException(string message)
        : base(message)
    {
    }
}
