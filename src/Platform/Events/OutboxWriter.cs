using Iskra.Platform.Data;

namespace Iskra.Platform.Events;

/// <summary>
/// Appends events to the outbox, in the transaction that changes what they report: both are committed or neither. Thread-safe.
/// </summary>
public sealed class OutboxWriter
{
    private const string InsertSql =
        """
        insert into events_outbox (tenant_id, type, schema_version, key, payload, created_at)
        values (@Tenant, @Type, @SchemaVersion, @Key, @Payload, @CreatedAt)
        """;

    private readonly TimeProvider _time;
    private readonly Action _wake;
    private readonly EventsMetrics _metrics;

    internal OutboxWriter(TimeProvider time, EventSignal signal, EventsMetrics metrics)
    {
        _time = time;
        _wake = signal.Set;
        _metrics = metrics;
    }

    /// <summary>Appends within the caller's transaction: one INSERT. Subscribers are woken when it is committed.</summary>
    /// <exception cref="InvalidOperationException">The session only reads.</exception>
    public async Task AppendAsync(DbSession session, DomainEvent domainEvent)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(domainEvent);
        if (session.Transaction is null)
        {
            throw new InvalidOperationException(
                "An event belongs in the transaction that changes what it reports; this session only reads.");
        }

        await session.ExecuteAsync(
            InsertSql,
            new
            {
                Tenant = domainEvent.Tenant.Value,
                domainEvent.Type,
                domainEvent.SchemaVersion,
                domainEvent.Key,
                domainEvent.Payload,
                CreatedAt = Instants.ToMicroseconds(_time.GetUtcNow()),
            });
        _metrics.Appended.Add(1);
        session.OnCommitted(_wake);
    }
}
