using System.Text.Json;
using Iskra.Platform.Hosting;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Sagas;

/// <summary>One attempt at a step or at its compensation, as the step sees it. Not thread-safe.</summary>
public sealed class SagaCall
{
    internal SagaCall(Guid sagaId, TenantId tenant, string key, int attempt, string state)
    {
        SagaId = sagaId;
        Tenant = tenant;
        Key = key;
        Attempt = attempt;
        State = state;
    }

    public Guid SagaId { get; }

    /// <summary>Whose saga it is.</summary>
    public TenantId Tenant { get; }

    /// <summary>
    /// The idempotency key, <c>saga/step</c>: the same for each attempt at the step and for its compensation, so that the other side can
    /// tell what a compensation undoes.
    /// </summary>
    public string Key { get; }

    /// <summary>Counts from 1; an attempt that ended with its process counts too.</summary>
    public int Attempt { get; }

    /// <summary>The saga's state, JSON. What the step leaves here is kept when it is done, and dropped when it fails.</summary>
    public string State { get; set; }

    /// <summary>Reads the state.</summary>
    public T ReadState<T>()
        where T : class => JsonSerializer.Deserialize(State, StrictJson.TypeInfo<T>())
            ?? throw new InvalidOperationException("The saga's state is null.");

    /// <summary>Replaces the state.</summary>
    public void WriteState<T>(T state)
        where T : class => State = JsonSerializer.Serialize(state, StrictJson.TypeInfo<T>());
}
