using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;

namespace Iskra.Modules.Cards.Import;

/// <summary>
/// Where an import's transfers go: the ledger in this process, or a running server over HTTP. Both wait while it is busy.
/// </summary>
internal interface IImportTarget
{
    /// <summary>Opens accounts or finds them open; returns how many are new.</summary>
    Task<int> OpenAsync(IReadOnlyList<AccountRequest> accounts, CancellationToken cancellationToken);

    /// <summary>Posts transfers in order, at most <see cref="LedgerLimits.TransfersPerRequestMax"/>; a status for each.</summary>
    Task<TransferStatus[]> PostAsync(ReadOnlyMemory<TransferRequest> transfers, CancellationToken cancellationToken);
}
