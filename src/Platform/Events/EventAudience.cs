namespace Iskra.Platform.Events;

/// <summary>How many processes of an installation get an event.</summary>
public enum EventAudience
{
    /// <summary>One: the process that runs the subscriber now; another takes over when it dies. Nothing is lost.</summary>
    OneProcess = 0,

    /// <summary>
    /// Every process, from its own start on: for views and caches in memory. Nothing is kept for a process that is away, and an event that
    /// fails too often is skipped.
    /// </summary>
    EachProcess = 1,
}
