using System.ComponentModel;

namespace Iskra.Platform.Jobs.Api;

/// <summary>A queue as the API shows it: the caller's jobs of one type, and how this process has kept the type's times.</summary>
public sealed record JobQueueItem(
    string Type,
    long Queued,
    long Scheduled,
    long Running,
    [property: Description("Jobs that stopped at their deadline and wait for an answer.")] long Waiting,
    [property: Description("Dead and quarantined jobs: they can be retried.")] long Dead,
    [property: Description("How long the oldest queued job has waited.")] double? OldestAgeSeconds,
    bool IsPaused,
    [property: Description("Workers in each process, at most; null when the answering process doesn't know the type.")] int? WorkersMax,
    double? TargetSeconds,
    double? MaximumSeconds,
    [property: Description("warn, retrySimplified, fallback, stopAndAsk or notifyAdmin.")] string? Overrun,
    [property: Description("Jobs that ended in the answering process since its start; a rate is the difference over time.")]
    long Ended,
    [property: Description("Attempts that failed there.")] long Failures,
    long TargetMisses,
    long Overruns,
    double? WaitP95Seconds,
    double? RunP50Seconds,
    double? RunP95Seconds,
    double? RunP99Seconds)
{
    internal static JobQueueItem From(JobQueueInfo queue, JobTypeSla? sla) => new(
        queue.Type,
        queue.Queued,
        queue.Scheduled,
        queue.Running,
        queue.Waiting,
        queue.Dead,
        queue.OldestAge?.TotalSeconds,
        queue.IsPaused,
        queue.Options?.WorkersMax,
        queue.Options?.Target?.TotalSeconds,
        queue.Options?.Maximum?.TotalSeconds,
        queue.Options?.Maximum is null ? null : JobItem.NameOf(queue.Options.Overrun),
        sla?.Ended ?? 0,
        sla?.Failures ?? 0,
        sla?.TargetMisses ?? 0,
        sla?.Overruns ?? 0,
        sla?.Wait.P95?.TotalSeconds,
        sla?.Run.P50?.TotalSeconds,
        sla?.Run.P95?.TotalSeconds,
        sla?.Run.P99?.TotalSeconds);
}
