using Iskra.Platform.Data;

namespace Iskra.Platform.Sagas;

/// <summary>Starts sagas, in the transaction of whoever asks: both are committed or neither. Thread-safe.</summary>
public sealed class SagaStarter
{
    private readonly SagaCatalog _catalog;
    private readonly SagasOptions _options;
    private readonly SagasMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly Action _wake;

    internal SagaStarter(SagaCatalog catalog, SagaSignal signal, SagasOptions options, SagasMetrics metrics, TimeProvider time)
    {
        _catalog = catalog;
        _options = options;
        _metrics = metrics;
        _time = time;
        _wake = signal.Started.Set;
    }

    /// <summary>Starts a saga, or finds the one that its idempotency key started before. It runs from the commit on.</summary>
    /// <exception cref="InvalidOperationException">The session only reads, or no such definition is registered.</exception>
    /// <exception cref="ArgumentException">The state is longer than the limit, or the key is.</exception>
    public async Task<SagaStarted> StartAsync(DbSession session, SagaStart start)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(start);
        SagaDefinition definition = _catalog.Find(start.Name, start.Version)
            ?? throw new InvalidOperationException($"No saga '{start.Name}' of this version is registered.");
        if (start.State.Length > _options.StateLengthMax || start.IdempotencyKey is { Length: 0 or > 200 })
        {
            throw new ArgumentException(
                "The state is longer than Sagas:StateLengthMax, or the key is not 1 to 200 characters.", nameof(start));
        }

        session.OnCommitted(_wake);
        DateTimeOffset now = _time.GetUtcNow();
        SagaRow row = new()
        {
            Id = Guid.CreateVersion7(now),
            TenantId = start.Tenant.Value,
            Name = definition.Name,
            Version = definition.Version,
            IdempotencyKey = start.IdempotencyKey,
            State = start.State,
            Status = (int)SagaStatus.Running,
            DueAt = Instants.ToMicroseconds(now),
            DeadlineAt = (start.Deadline ?? definition.Deadline) is { } deadline ? Instants.ToMicroseconds(now + deadline) : null,
            CreatedAt = Instants.ToMicroseconds(now),
        };
        if (await SagaStore.InsertAsync(session, row))
        {
            _metrics.Started.Add(1, SagasMetrics.Tag(row));
            return new SagaStarted(row.Id, SagaStartOutcome.Started);
        }

        SagaStore.KnownStart known = (await SagaStore.FindByKeyAsync(session, start.Tenant, definition.Name, start.IdempotencyKey!))!;
        return new SagaStarted(known.Id, known.Input == start.State ? SagaStartOutcome.Exists : SagaStartOutcome.StateDiffers);
    }
}
