using Iskra.Modules.Cards.Ledger;

namespace Iskra.Modules.Cards.Simulation;

/// <summary>Makes transfers up, or takes them from a file. Used by one thread; never ends.</summary>
internal interface ITrafficSource : IDisposable
{
    /// <summary>
    /// Adds at least <paramref name="count"/> transfers (a few more where they need funding), and the accounts that they are the first
    /// to name.
    /// </summary>
    void Next(int count, List<AccountRequest> accounts, List<TransferRequest> transfers);
}
