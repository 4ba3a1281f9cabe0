namespace Iskra.EndToEnd.Tests.Crash;

/// <summary>One request, which can be sent again as it was.</summary>
internal sealed class Operation(IReadOnlyList<SentTransfer> transfers, bool isBatch, bool isRefused = false)
{
    public IReadOnlyList<SentTransfer> Transfers => transfers;

    public bool IsBatch => isBatch;

    /// <summary>A chain that the ledger must refuse whole, now and after any restart.</summary>
    public bool IsRefused => isRefused;

    /// <summary>Whether the server answered before it died. Set by the one client that sends it.</summary>
    public bool IsAcknowledged { get; set; }
}
