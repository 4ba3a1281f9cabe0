namespace Iskra.Modules.Cards.Ledger;

/// <summary>Limits that are part of the ledger's contract, not settings.</summary>
internal static class LedgerLimits
{
    /// <summary>2^53-1: every amount and balance is exact in any JSON client.</summary>
    public const long AmountMinorMax = 9_007_199_254_740_991;

    public const int ReferenceLengthMax = 64;

    public const int CodeMax = 65_535;

    /// <summary>A year.</summary>
    public const int TimeoutSecondsMax = 366 * 24 * 3600;

    /// <summary>Transfers in one request, as in TigerBeetle's message.</summary>
    public const int TransfersPerRequestMax = 8_190;
}
