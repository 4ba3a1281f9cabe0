using System.Globalization;

namespace Iskra.Bench;

/// <summary>What one run measured.</summary>
internal sealed record LoadResult
{
    public required string Name { get; init; }

    public required string LoadBefore { get; init; }

    public required long Transfers { get; init; }

    /// <summary>Refused by a full queue, or failed.</summary>
    public required long Refused { get; init; }

    public required TimeSpan Elapsed { get; init; }

    public required LatencyHistogram Latency { get; init; }

    public long Commits { get; init; }

    public double CpuMicroseconds { get; init; }

    public double AllocatedBytes { get; init; }

    public long ResidentStartMib { get; init; }

    public long ResidentEndMib { get; init; }

    public double Rate => Transfers / Elapsed.TotalSeconds;

    public static string Header =>
        "| run | load before | transfers/s | p50 ms | p95 ms | p99 ms | p99.9 ms | max ms | refused | commits | mean commit "
        + "| CPU µs/transfer | bytes/transfer | RSS MiB |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|";

    public override string ToString()
    {
        string quantiles = string.Join(" | ", new[] { 0.5, 0.95, 0.99, 0.999 }.Select(q => Number(Latency.QuantileMs(q))));
        string commits = Commits == 0 ? "– | –" : string.Create(CultureInfo.InvariantCulture, $"{Commits} | {Transfers / Commits}");
        string bytes = AllocatedBytes == 0 ? "–" : AllocatedBytes.ToString("0", CultureInfo.InvariantCulture);
        string cost = string.Create(CultureInfo.InvariantCulture, $"{CpuMicroseconds:0.0} | {bytes}");
        return string.Create(CultureInfo.InvariantCulture, $"| {Name} | {LoadBefore} | {Rate:#,0} | {quantiles} | {Number(Latency.MaxMs)} ")
            + string.Create(CultureInfo.InvariantCulture, $"| {Refused} | {commits} | {cost} | {ResidentStartMib} → {ResidentEndMib} |");
    }

    private static string Number(double value) => value.ToString(value < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);
}
