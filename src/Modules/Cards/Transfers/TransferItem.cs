using System.ComponentModel;
using Iskra.Modules.Cards.Contracts;

namespace Iskra.Modules.Cards.Transfers;

/// <summary>A line of the journal, as the API shows it.</summary>
internal sealed record TransferItem(
    [property: Description("Its place in the journal, from 1, without gaps.")] long Sequence,
    Guid Id,
    TransferKind Kind,
    Guid DebitAccountId,
    string? DebitAccountName,
    Guid CreditAccountId,
    string? CreditAccountName,
    [property: Description("Moved or reserved; 0 for a void or an expiry.")] long AmountMinor,
    string Currency,
    Guid? PendingId,
    int Code,
    string? Reference,
    DateTimeOffset PostedAt,
    DateTimeOffset? OccurredAt);

/// <summary>The answer to a single transfer.</summary>
internal sealed record PostTransferResponse([property: Description("ok or exists.")] string Status, TransferItem Transfer);
