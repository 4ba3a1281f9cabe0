namespace Iskra.Platform.Jobs;

/// <summary>What became of a command about a job.</summary>
public enum JobCommandStatus
{
    /// <summary>Done.</summary>
    Done = 1,

    /// <summary>The job runs and was asked to stop; it ends when its handler does.</summary>
    Requested = 2,

    /// <summary>The tenant has no such job.</summary>
    NotFound = 3,

    /// <summary>The job is in a state for which the command makes no sense.</summary>
    WrongState = 4,
}
