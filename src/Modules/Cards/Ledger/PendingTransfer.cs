using Iskra.Platform.Tenancy;

namespace Iskra.Modules.Cards.Ledger;

/// <summary>A reservation and what became of it.</summary>
internal sealed class PendingTransfer
{
    public required TenantId Tenant { get; init; }

    public required UInt128 Id { get; init; }

    public required long Sequence { get; init; }

    public required long DebitKey { get; init; }

    public required long CreditKey { get; init; }

    public required long AmountMinor { get; init; }

    /// <summary>Microseconds since 1970-01-01 UTC; null for never.</summary>
    public required long? ExpiresAt { get; init; }

    public PendingState State { get; set; }

    public LedgerId LedgerId => new(Tenant, Id);

    /// <summary>The entry that settled it, 0 while it is open.</summary>
    public long SettledBySequence { get; set; }
}

/// <summary>Stored as written.</summary>
internal enum PendingState
{
    Open = 0,
    Posted = 1,
    Voided = 2,
    Expired = 3,
}
