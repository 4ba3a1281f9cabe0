namespace Iskra.Modules.Dashboards.Contracts;

/// <summary>The last fifteen minutes, one point a second, oldest first; all lists have the same length.</summary>
/// <param name="StartedAt">The instant of the first point, UTC; the present when there is none.</param>
/// <param name="IntervalSeconds">Seconds between two points.</param>
/// <param name="TransactionsPerSecond">As <see cref="PulseNow.TransactionsPerSecond"/>.</param>
/// <param name="P50Ms">As <see cref="PulseNow.P50Ms"/>.</param>
/// <param name="P95Ms">As <see cref="PulseNow.P95Ms"/>.</param>
/// <param name="P99Ms">As <see cref="PulseNow.P99Ms"/>.</param>
/// <param name="ErrorRate">As <see cref="PulseNow.ErrorRate"/>.</param>
/// <param name="QueueDepth">As <see cref="PulseNow.QueueDepth"/>.</param>
/// <param name="CpuPercent">As <see cref="PulseNow.CpuPercent"/>.</param>
/// <param name="MemoryBytes">As <see cref="PulseNow.MemoryBytes"/>.</param>
public sealed record PulseHistory(
    DateTimeOffset StartedAt,
    int IntervalSeconds,
    IReadOnlyList<double> TransactionsPerSecond,
    IReadOnlyList<double?> P50Ms,
    IReadOnlyList<double?> P95Ms,
    IReadOnlyList<double?> P99Ms,
    IReadOnlyList<double> ErrorRate,
    IReadOnlyList<long> QueueDepth,
    IReadOnlyList<double> CpuPercent,
    IReadOnlyList<long> MemoryBytes);
