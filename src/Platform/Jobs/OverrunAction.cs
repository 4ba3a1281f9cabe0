namespace Iskra.Platform.Jobs;

/// <summary>What happens when a job has not ended within its type's maximum. Stored in events and settings.</summary>
public enum OverrunAction
{
    /// <summary>An event and a metric; the job goes on.</summary>
    Warn = 1,

    /// <summary>The attempt is stopped and the job starts again with <see cref="JobContext.IsSimplified"/>.</summary>
    RetrySimplified = 2,

    /// <summary>The attempt is stopped and the type's fallback handler takes the job.</summary>
    Fallback = 3,

    /// <summary>The attempt is stopped and the job waits until a person says whether it goes on.</summary>
    StopAndAsk = 4,

    /// <summary>As <see cref="Warn"/>, with an event that asks for an administrator.</summary>
    NotifyAdmin = 5,
}
