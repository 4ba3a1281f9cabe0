namespace Iskra.Platform.Jobs.Api;

/// <summary>All queues, by type.</summary>
public sealed record JobQueueList(IReadOnlyList<JobQueueItem> Items, DateTimeOffset At);
