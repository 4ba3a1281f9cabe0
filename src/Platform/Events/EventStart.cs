namespace Iskra.Platform.Events;

/// <summary>Where a subscriber that was never seen before begins.</summary>
public enum EventStart
{
    /// <summary>With what is appended from now on.</summary>
    End = 0,

    /// <summary>With the oldest event that the outbox still holds.</summary>
    Beginning = 1,
}
