namespace Iskra.Platform.Jobs;

/// <summary>A queue's figures for one tenant, as they are now.</summary>
/// <param name="Type">The type's name.</param>
/// <param name="Queued">Jobs that may start now.</param>
/// <param name="Scheduled">Jobs whose time has not come, retries included.</param>
/// <param name="Running">Attempts under way, in all processes.</param>
/// <param name="Waiting">Jobs that wait for an answer.</param>
/// <param name="Dead">Dead and quarantined jobs in the history.</param>
/// <param name="OldestAge">How long the oldest queued job has waited; null when none is queued.</param>
/// <param name="IsPaused">Whether nothing is started, for all tenants.</param>
/// <param name="Options">What the type declares; null when this process doesn't know it.</param>
public sealed record JobQueueInfo(
    string Type,
    long Queued,
    long Scheduled,
    long Running,
    long Waiting,
    long Dead,
    TimeSpan? OldestAge,
    bool IsPaused,
    JobTypeOptions? Options);
