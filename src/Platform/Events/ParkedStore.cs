using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Events;

/// <summary>
/// The dead letters: events that failed too often, and behind them the later events of their keys. The first row of a key decides about all
/// of them: while it has failed they wait, else they are delivered in order.
/// </summary>
internal sealed class ParkedStore
{
    private const string Columns =
        "seq as Seq, tenant_id as TenantId, subscriber as Subscriber, event_id as EventId, type as Type,"
            + " schema_version as SchemaVersion, key as Key, payload as Payload, created_at as CreatedAt, state as State,"
            + " attempts as Attempts, error_kind as ErrorKind, parked_at as ParkedAt";

    private readonly Database _database;
    private readonly TimeProvider _time;

    public ParkedStore(Database database, TimeProvider time)
    {
        _database = database;
        _time = time;
    }

    /// <summary>Parks within the caller's transaction; an event that is parked already stays as it is.</summary>
    public Task AddAsync(
        DbSession session, string subscriber, StoredEvent stored, ParkedState state, int attempts, string? errorKind) =>
        session.ExecuteAsync(
            """
            insert into events_parked (tenant_id, subscriber, event_id, type, schema_version, key, payload, created_at, state, attempts,
                error_kind, parked_at)
            values (@Tenant, @subscriber, @Id, @Type, @SchemaVersion, @Key, @Payload, @CreatedAt, @state, @attempts, @errorKind, @now)
            on conflict (subscriber, event_id) do nothing
            """,
            new
            {
                Tenant = stored.Tenant.Value,
                subscriber,
                stored.Id,
                stored.Type,
                stored.SchemaVersion,
                stored.Key,
                stored.Payload,
                CreatedAt = Instants.ToMicroseconds(stored.CreatedAt),
                state = (int)state,
                attempts,
                errorKind,
                now = _time.NowMicroseconds(),
            });

    /// <summary>The keys that have parked events, of all tenants: new events of them must go behind.</summary>
    public async Task<HashSet<EventKey>> KeysAsync(string subscriber, CancellationToken cancellationToken)
    {
        IReadOnlyList<KeyRow> rows = await _database.ReadAsync(
            session => session.QueryAsync<KeyRow>(
                "select distinct tenant_id as TenantId, key as Key from events_parked where subscriber = @subscriber",
                new { subscriber }),
            cancellationToken);
        return [.. rows.Select(row => new EventKey(row.TenantId, row.Key))];
    }

    /// <summary>First rows of keys, of all tenants, that may be delivered now.</summary>
    public Task<IReadOnlyList<ParkedRow>> HeadsAsync(string subscriber, int limit, CancellationToken cancellationToken) =>
        _database.ReadAsync(
            session => session.QueryAsync<ParkedRow>(
                $"""
                select {Columns} from events_parked p where p.subscriber = @subscriber and p.state <> {(int)ParkedState.Failed}
                    and not exists (select 1 from events_parked q where q.subscriber = p.subscriber and q.tenant_id = p.tenant_id
                        and q.key = p.key and q.seq < p.seq)
                order by p.seq limit @limit
                """,
                new { subscriber, limit }),
            cancellationToken);

    public static Task RemoveAsync(DbSession session, ParkedRow row) => session.ExecuteAsync(
        "delete from events_parked where tenant_id = @TenantId and seq = @Seq", new { row.TenantId, row.Seq });

    /// <summary>The attempt failed: it waits for an operator again.</summary>
    public Task FailAsync(ParkedRow row, int attempts, string errorKind, CancellationToken cancellationToken) => _database.WriteAsync(
        session => session.ExecuteAsync(
            $"update events_parked set state = {(int)ParkedState.Failed}, attempts = @attempts, error_kind = @errorKind, parked_at = @now"
                + " where tenant_id = @TenantId and seq = @Seq",
            new { row.TenantId, row.Seq, attempts, errorKind, now = _time.NowMicroseconds() }),
        cancellationToken);

    /// <summary>A page of a tenant's parked events of one subscriber, in the order of parking.</summary>
    public Task<IReadOnlyList<ParkedRow>> ListAsync(
        TenantId tenant, string subscriber, long after, int limit, CancellationToken cancellationToken) => _database.ReadAsync(
            session => session.QueryAsync<ParkedRow>(
                $"select {Columns} from events_parked where tenant_id = @tenant and subscriber = @subscriber and seq > @after"
                    + " order by seq limit @limit",
                new { tenant = tenant.Value, subscriber, after, limit }),
            cancellationToken);

    /// <summary>How many are parked per subscriber, of all tenants.</summary>
    public async Task<Dictionary<string, long>> CountsAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<CountRow> rows = await _database.ReadAsync(
            session => session.QueryAsync<CountRow>(
                "select subscriber as Subscriber, count(*) as Events from events_parked group by subscriber"),
            cancellationToken);
        return rows.ToDictionary(row => row.Subscriber, row => row.Events, StringComparer.Ordinal);
    }

    /// <summary>Asks for another attempt at a tenant's failed events of a subscriber: at one, or at all. How many there were.</summary>
    public Task<int> RequeueAsync(TenantId tenant, string subscriber, long? eventId, CancellationToken cancellationToken) =>
        _database.WriteAsync(
            session => session.ExecuteAsync(
                $"update events_parked set state = {(int)ParkedState.Requeued} where tenant_id = @tenant and subscriber = @subscriber"
                    + $" and state = {(int)ParkedState.Failed}" + (eventId is null ? "" : " and event_id = @eventId"),
                new { tenant = tenant.Value, subscriber, eventId }),
            cancellationToken);

    /// <summary>Gives up a tenant's failed event; those behind it go on. False when there is none.</summary>
    public async Task<bool> DiscardAsync(TenantId tenant, string subscriber, long eventId, CancellationToken cancellationToken) =>
        await _database.WriteAsync(
            session => session.ExecuteAsync(
                "delete from events_parked where tenant_id = @tenant and subscriber = @subscriber and event_id = @eventId"
                    + $" and state = {(int)ParkedState.Failed}",
                new { tenant = tenant.Value, subscriber, eventId }),
            cancellationToken) > 0;

    private sealed class KeyRow
    {
        public int TenantId { get; set; }

        public string Key { get; set; } = "";
    }

    private sealed class CountRow
    {
        public string Subscriber { get; set; } = "";

        public long Events { get; set; }
    }
}
