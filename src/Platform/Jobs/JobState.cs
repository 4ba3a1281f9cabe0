namespace Iskra.Platform.Jobs;

/// <summary>Where a job stands. Below 10 it lives in <c>jobs</c>, from 10 on it has ended and is in <c>jobs_history</c>. Stored.</summary>
public enum JobState
{
    /// <summary>Its time has not come: a wish of who enqueued it, or the wait before a retry.</summary>
    Scheduled = 1,

    /// <summary>May start as soon as a worker is free.</summary>
    Queued = 2,

    /// <summary>A worker has it under its lease.</summary>
    Running = 3,

    /// <summary>Stopped at its deadline; goes on, or is cancelled, when a person has answered.</summary>
    Waiting = 4,

    /// <summary>Succeeded.</summary>
    Done = 10,

    /// <summary>Failed for the last time; can be retried by hand.</summary>
    Dead = 11,

    /// <summary>Ended by a person.</summary>
    Cancelled = 12,

    /// <summary>Its worker's process died too often while it ran; can be retried by hand.</summary>
    Quarantined = 13,
}
