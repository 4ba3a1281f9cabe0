namespace Iskra.Bench;

/// <summary>One run of the ledger in process.</summary>
internal sealed record LedgerSettings
{
    public string Engine { get; init; } = "sqlite";

    /// <summary>Transfers per second; 0 sends as fast as the answers come.</summary>
    public double Rate { get; init; } = 50_000;

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(4);

    public int Accounts { get; init; } = 100_000;

    /// <summary>Exponent of Zipf's distribution over the accounts; 0 is uniform.</summary>
    public double Zipf { get; init; }

    /// <summary>Transfers per request.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Callers of the closed loop.</summary>
    public int Callers { get; init; } = 1_000;

    public string? Folder { get; init; }

    public string Name => FormattableString.Invariant(
        $"{Engine}, {(Batch == 1 ? "singles" : $"batches of {Batch}")}, {(Zipf > 0 ? $"Zipf {Zipf}" : "uniform")}, ")
        + (Rate > 0 ? FormattableString.Invariant($"open loop {Rate:#,0}/s") : FormattableString.Invariant($"max, {Callers} callers"));

    public ZipfTable? CreateZipf() => Zipf > 0 ? new ZipfTable(Accounts, Zipf) : null;
}
