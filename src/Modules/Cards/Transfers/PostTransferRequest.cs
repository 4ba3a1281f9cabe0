using System.ComponentModel;
using Iskra.Modules.Cards.Contracts;

namespace Iskra.Modules.Cards.Transfers;

/// <summary>One transfer, as the API takes it.</summary>
internal sealed record PostTransferRequest
{
    [Description("The caller's id, a UUID; a UUIDv7 is best. The same id and content again answers 'exists'.")]
    public required Guid Id { get; init; }

    [Description("Left out or null: as in the pending transfer (postPending and voidPending only).")]
    public Guid? DebitAccountId { get; init; }

    [Description("Left out or null: as in the pending transfer (postPending and voidPending only).")]
    public Guid? CreditAccountId { get; init; }

    [Description("Minor units, 1 to 9007199254740991. Left out when posting a pending transfer: all of it.")]
    public long? AmountMinor { get; init; }

    [Description("ISO 4217, the accounts' currency.")]
    public string? Currency { get; init; }

    [Description("post (default), pending, postPending or voidPending.")]
    public TransferKind Kind { get; init; } = TransferKind.Post;

    [Description("The pending transfer to post or void.")]
    public Guid? PendingId { get; init; }

    [Description("When a pending transfer expires by itself; 0 for never.")]
    public int TimeoutSeconds { get; init; }

    [Description("The caller's own classification, 0 to 65535.")]
    public int Code { get; init; }

    [Description("The caller's own text, 1 to 64 characters. No personal data, no card number.")]
    public string? Reference { get; init; }

    [Description("When it happened in the world, if that was earlier than its posting.")]
    public DateTimeOffset? OccurredAt { get; init; }

    [Description("Tied to the next transfer of the batch: both are written or none.")]
    public bool Linked { get; init; }
}
