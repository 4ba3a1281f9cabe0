using System.ComponentModel;

namespace Iskra.Modules.Cards.Transfers;

/// <summary>The body of <c>POST /v1/cards/transfers:batch</c>.</summary>
internal sealed record TransferBatchRequest
{
    [Description("1 to 8190 transfers, applied in order; each stands for itself unless linked.")]
    public required IReadOnlyList<PostTransferRequest> Transfers { get; init; }
}

/// <summary>What became of each transfer of a batch, and the counts.</summary>
internal sealed record TransferBatchResponse(IReadOnlyList<TransferBatchResult> Results, int Ok, int Exists, int Rejected);

/// <summary>One transfer's outcome.</summary>
internal sealed record TransferBatchResult(
    int Index,
    Guid Id,
    [property: Description("ok, exists, or the reason it was refused for, such as exceeds-credits.")] string Status);
