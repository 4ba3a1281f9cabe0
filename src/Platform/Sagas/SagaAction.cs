using Iskra.Platform.Data;

namespace Iskra.Platform.Sagas;

/// <summary>What a step, or its compensation, does: either work in the database, or a call to something outside.</summary>
public sealed class SagaAction
{
    private SagaAction(
        Func<DbSession, SagaCall, Task<SagaStepResult>>? transaction, Func<SagaCall, CancellationToken, Task<SagaStepResult>>? call)
    {
        Transaction = transaction;
        Call = call;
    }

    internal Func<DbSession, SagaCall, Task<SagaStepResult>>? Transaction { get; }

    internal Func<SagaCall, CancellationToken, Task<SagaStepResult>>? Call { get; }

    /// <summary>
    /// Works in the transaction that also moves the saga on: it takes effect exactly once. It must await nothing but the session. When it
    /// throws or refuses, everything is rolled back.
    /// </summary>
    public static SagaAction InTransaction(Func<DbSession, SagaCall, Task<SagaStepResult>> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        return new SagaAction(action, null);
    }

    /// <summary>
    /// Calls something outside, at least once: the other side must know a repeat by <see cref="SagaCall.Key"/>, and refuse a step that
    /// comes after its compensation. When it throws, it is unknown whether it took effect.
    /// </summary>
    public static SagaAction CallsOut(Func<SagaCall, CancellationToken, Task<SagaStepResult>> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        return new SagaAction(null, action);
    }
}
