using Iskra.Modules.Cards.Ledger;
using Iskra.Platform.Tenancy;

namespace Iskra.Modules.Cards.Verification;

/// <summary>A reservation as the journal tells it.</summary>
internal sealed class PendingReplay
{
    public required TenantId Tenant { get; init; }

    public required UInt128 Id { get; init; }

    public required long DebitKey { get; init; }

    public required long CreditKey { get; init; }

    public required long AmountMinor { get; init; }

    public required long? ExpiresAt { get; init; }

    public PendingState State { get; set; }

    public long SettledBySequence { get; set; }

    public bool IsStored { get; set; }
}
