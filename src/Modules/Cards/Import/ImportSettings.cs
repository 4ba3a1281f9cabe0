namespace Iskra.Modules.Cards.Import;

/// <summary>What an import was asked for. Everything but the batch size decides what is written.</summary>
internal sealed record ImportSettings
{
    public const string NameDefault = "cards";

    public const int NameLengthMax = 64;

    /// <summary>Payments in one request to the ledger.</summary>
    public const int BatchRowsDefault = 4_000;

    /// <summary>Requests on their way at once: the next ones are read while these are being committed.</summary>
    public const int BatchesInFlight = 4;

    public ColumnMap Map { get; init; } = new();

    public string Currency { get; init; } = "RUB";

    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Keeps the ids of different sources apart: rows with one id under two names are two payments.</summary>
    public string Name { get; init; } = NameDefault;

    /// <summary>A customer whose money is short gets the next multiple of this from the settlement account. Minor units.</summary>
    public long FundingStepMinor { get; init; } = 1_000_000;

    /// <summary>Rounds an amount with more decimals than the currency has, half up, instead of refusing the row.</summary>
    public bool RoundsAmounts { get; init; }

    /// <summary>In front of the accounts' names: "Replayed" makes "Replayed customer 17" of "Customer 17".</summary>
    public string NamePrefix { get; init; } = "";

    public int BatchRows { get; init; } = BatchRowsDefault;

    /// <summary>Customers and merchants remembered at once; beyond it all are forgotten, which costs some look-ups and funding.</summary>
    public int AccountsMax { get; init; } = 1_000_000;

    public string Canonical => $"{Name}|{Currency}|{TimeZone.Id}|{FundingStepMinor}|{RoundsAmounts}|{Map.Canonical}";
}
