namespace Iskra.Platform.Sagas;

/// <summary>One step of a saga.</summary>
/// <param name="Name">Unique in the saga, stable: it is part of the step's idempotency key.</param>
/// <param name="Execute">What it does.</param>
/// <param name="Compensate">
/// What undoes it; null when there is nothing to undo. It must be able to find that the step took no effect: a call whose answer was lost
/// is compensated too.
/// </param>
public sealed record SagaStep(string Name, SagaAction Execute, SagaAction? Compensate = null)
{
    /// <summary>How often the step is tried before the saga is compensated.</summary>
    public SagaRetryPolicy Retry { get; init; } = new();

    /// <summary>How often the compensation is tried before the saga is parked for an operator.</summary>
    public SagaRetryPolicy CompensateRetry { get; init; } = new() { AttemptsMax = 10 };

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
