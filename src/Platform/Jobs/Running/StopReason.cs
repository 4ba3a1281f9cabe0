namespace Iskra.Platform.Jobs.Running;

/// <summary>
/// Why an attempt is cancelled. The first reason stays, except that a lost lease outranks everything. Some of them are stored in
/// <c>jobs.attention</c>, and statements name them by number.
/// </summary>
internal enum StopReason
{
    None = 0,

    /// <summary>The process ends: the job goes back, nothing is counted.</summary>
    Shutdown = 1,

    /// <summary>A person cancelled it.</summary>
    Cancel = 2,

    /// <summary>The attempt took too long: a failure.</summary>
    TimeLimit = 3,

    /// <summary>Over its maximum: starts again, simplified or with the fallback.</summary>
    Restart = 4,

    /// <summary>Over its maximum: waits for an answer.</summary>
    Ask = 5,

    /// <summary>The job belongs to another worker.</summary>
    LeaseLost = 6,
}
