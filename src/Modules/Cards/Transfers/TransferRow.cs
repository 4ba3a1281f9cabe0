using Iskra.Modules.Cards.Contracts;
using Iskra.Platform.Data;

namespace Iskra.Modules.Cards.Transfers;

/// <summary>A line of the journal joined with its accounts.</summary>
internal sealed class TransferRow
{
    public const string Select = """
        select j.sequence, j.id, j.kind, j.debit_key, j.credit_key, d.id as debit_id, d.name as debit_name, c.id as credit_id,
            c.name as credit_name, j.amount_minor, j.released_minor, d.currency, p.id as pending_id, j.code, j.reference, j.posted_at,
            j.occurred_at, j.debit_previous, j.credit_previous, j.debit_net_after, j.credit_net_after
        from cards_journal j join cards_accounts d on d.key = j.debit_key join cards_accounts c on c.key = j.credit_key
        left join cards_journal p on p.sequence = j.pending_sequence
        """;

    public long Sequence { get; init; }

    public Guid Id { get; init; }

    public TransferKind Kind { get; init; }

    public long DebitKey { get; init; }

    public long CreditKey { get; init; }

    public Guid DebitId { get; init; }

    public string DebitName { get; init; } = "";

    public Guid CreditId { get; init; }

    public string CreditName { get; init; } = "";

    public long AmountMinor { get; init; }

    public long ReleasedMinor { get; init; }

    public string Currency { get; init; } = "";

    public Guid? PendingId { get; init; }

    public int Code { get; init; }

    public string? Reference { get; init; }

    public long PostedAt { get; init; }

    public long? OccurredAt { get; init; }

    public long DebitPrevious { get; init; }

    public long CreditPrevious { get; init; }

    public long DebitNetAfter { get; init; }

    public long CreditNetAfter { get; init; }

    public TransferItem ToItem() => new(
        Sequence,
        Id,
        Kind,
        DebitId,
        DebitName,
        CreditId,
        CreditName,
        AmountMinor,
        Currency,
        PendingId,
        Code,
        Reference,
        Instants.FromMicroseconds(PostedAt),
        OccurredAt is { } at ? Instants.FromMicroseconds(at) : null);
}
