using System.ComponentModel;

namespace Iskra.Modules.Cards.Accounts;

/// <summary>The body of <c>POST /v1/cards/accounts:batch</c>.</summary>
internal sealed record AccountBatchRequest
{
    [Description("1 to 8190 accounts; each stands for itself.")]
    public required IReadOnlyList<OpenAccountRequest> Accounts { get; init; }
}

/// <summary>What became of each account of a batch, and the counts.</summary>
internal sealed record AccountBatchResponse(IReadOnlyList<AccountBatchResult> Results, int Ok, int Exists, int Rejected);

/// <summary>One account's outcome.</summary>
internal sealed record AccountBatchResult(
    int Index,
    Guid Id,
    [property: Description("ok, exists, or which field differs from the account that has the id: exists-with-different-kind.")]
    string Status);
