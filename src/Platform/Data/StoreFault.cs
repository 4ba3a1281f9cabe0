namespace Iskra.Platform.Data;

/// <summary>Why the store could not do what a good request asked for. All of them pass, by themselves or by an operator's hand.</summary>
public enum StoreFault
{
    /// <summary>Queues or connections are used up, or another writer was in the way.</summary>
    Busy = 1,

    /// <summary>The disk is full.</summary>
    Full = 2,

    /// <summary>The server is gone, refuses connections, restarts or has become a replica; the file can't be read or written.</summary>
    Unreachable = 3,

    /// <summary>No answer in time.</summary>
    TimedOut = 4,
}
