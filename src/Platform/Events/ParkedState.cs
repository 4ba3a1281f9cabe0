namespace Iskra.Platform.Events;

/// <summary>Why an event is parked. The numbers are stored.</summary>
public enum ParkedState
{
    /// <summary>It failed too often and waits for an operator.</summary>
    Failed = 1,

    /// <summary>It waits behind an event of its key that failed, so that the key keeps its order.</summary>
    Behind = 2,

    /// <summary>An operator has asked for another attempt.</summary>
    Requeued = 3,
}
