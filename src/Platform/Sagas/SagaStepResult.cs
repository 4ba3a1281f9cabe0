namespace Iskra.Platform.Sagas;

/// <summary>What came of an attempt that did not throw.</summary>
public enum SagaStepResult
{
    /// <summary>It took effect (or had already).</summary>
    Done = 1,

    /// <summary>
    /// It took no effect and never will: a step's saga is compensated at once, without further attempts; a compensation's saga is parked.
    /// </summary>
    Refused = 2,
}
