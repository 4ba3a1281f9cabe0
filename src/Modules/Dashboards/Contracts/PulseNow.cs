namespace Iskra.Modules.Dashboards.Contracts;

/// <summary>The system in the last second.</summary>
/// <param name="TransactionsPerSecond">Card transfers that became durable, per second.</param>
/// <param name="RequestsPerSecond">HTTP requests answered, per second.</param>
/// <param name="P50Ms">
/// Median time from a transfer's arrival in the queue to durable, in milliseconds; null when nothing was posted. Within 5 %.
/// </param>
/// <param name="P95Ms">As <paramref name="P50Ms"/>, for 95 of 100.</param>
/// <param name="P99Ms">As <paramref name="P50Ms"/>, for 99 of 100.</param>
/// <param name="ErrorRate">
/// Share of work that failed through the system's own fault, 0 to 1: requests answered with 5xx, or transfers refused because the queue
/// was full, whichever share is greater. A transfer that the ledger rejects (no funds) is no error.
/// </param>
/// <param name="QueueDepth">Transfers waiting to be posted.</param>
/// <param name="QueueCapacity">Transfers that may wait, at most; 0 when nothing posts in this process.</param>
/// <param name="CpuPercent">This process's share of all processors, 0 to 100.</param>
/// <param name="MemoryBytes">This process's resident memory.</param>
/// <param name="TransfersTotal">Transfers that this process has made durable since it started.</param>
public sealed record PulseNow(
    double TransactionsPerSecond,
    double RequestsPerSecond,
    double? P50Ms,
    double? P95Ms,
    double? P99Ms,
    double ErrorRate,
    long QueueDepth,
    long QueueCapacity,
    double CpuPercent,
    long MemoryBytes,
    long TransfersTotal)
{
    /// <summary>Before the first second has gone by.</summary>
    internal static PulseNow Idle { get; } = new(0, 0, null, null, null, 0, 0, 0, 0, 0, 0);
}
