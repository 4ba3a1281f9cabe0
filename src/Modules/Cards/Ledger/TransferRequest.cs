using Iskra.Modules.Cards.Contracts;

namespace Iskra.Modules.Cards.Ledger;

/// <summary>One transfer as the caller sends it. Zero ids and a zero amount mean "left out".</summary>
internal readonly record struct TransferRequest
{
    /// <summary>The caller's id, the idempotency key. A UUIDv7 keeps the journal's index append-only and fast.</summary>
    public required UInt128 Id { get; init; }

    public required TransferKind Kind { get; init; }

    public UInt128 DebitAccountId { get; init; }

    public UInt128 CreditAccountId { get; init; }

    public long AmountMinor { get; init; }

    /// <summary>ISO 4217; null to take the accounts' (only when posting or voiding a pending transfer).</summary>
    public string? Currency { get; init; }

    public UInt128 PendingId { get; init; }

    public int TimeoutSeconds { get; init; }

    public int Code { get; init; }

    public string? Reference { get; init; }

    /// <summary>When it happened in the world, microseconds since 1970-01-01 UTC; null when that is when it is posted.</summary>
    public long? OccurredAt { get; init; }

    /// <summary>Tied to the next transfer of the request: both are written or none.</summary>
    public bool Linked { get; init; }
}
