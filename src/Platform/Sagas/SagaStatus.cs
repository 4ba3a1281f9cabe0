namespace Iskra.Platform.Sagas;

/// <summary>Where a saga stands. The numbers are stored.</summary>
public enum SagaStatus
{
    /// <summary>Its steps are being executed.</summary>
    Running = 1,

    /// <summary>Its executed steps are being undone.</summary>
    Compensating = 2,

    /// <summary>All steps took effect.</summary>
    Completed = 3,

    /// <summary>All executed steps were undone.</summary>
    Compensated = 4,

    /// <summary>A compensation failed for good: an operator has to mend the cause and retry.</summary>
    Parked = 5,
}

/// <summary>Why a saga was compensated. The numbers are stored.</summary>
public enum SagaReason
{
    /// <summary>A step refused.</summary>
    Refused = 1,

    /// <summary>A step failed too often.</summary>
    Failed = 2,

    /// <summary>The deadline passed.</summary>
    DeadlinePassed = 3,
}
