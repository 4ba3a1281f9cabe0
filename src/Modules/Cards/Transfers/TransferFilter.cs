using Iskra.Modules.Cards.Contracts;

namespace Iskra.Modules.Cards.Transfers;

/// <summary>What a list of transfers asks for; instants in microseconds, both included.</summary>
internal sealed record TransferFilter
{
    public Guid? AccountId { get; init; }

    public TransferKind? Kind { get; init; }

    public string? Currency { get; init; }

    public long? MinAmountMinor { get; init; }

    public long? MaxAmountMinor { get; init; }

    public long? From { get; init; }

    public long? To { get; init; }

    public bool Matches(TransferRow row) =>
        (Kind is null || row.Kind == Kind)
        && (Currency is null || row.Currency == Currency)
        && (MinAmountMinor is null || row.AmountMinor >= MinAmountMinor)
        && (MaxAmountMinor is null || row.AmountMinor <= MaxAmountMinor)
        && (From is null || row.PostedAt >= From)
        && (To is null || row.PostedAt <= To);
}
