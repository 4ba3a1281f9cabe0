using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Events;

/// <summary>Reads the outbox and trims it, on both engines.</summary>
internal sealed class OutboxStore
{
    // Begins a generation and gives the end of those that are complete; see migration 0005 and ADR 0027.
    private const string HorizonSql = "select events_horizon()";

    private const string Columns =
        "id as Id, type as Type, schema_version as SchemaVersion, key as Key, payload as Payload, created_at as CreatedAt,"
            + " tenant_id as TenantId";

    private readonly Database _database;

    public OutboxStore(Database database) => _database = database;

    /// <summary>A page of events of some types; of all types when they are null.</summary>
    public Task<EventPage> ReadAsync(EventCursor cursor, IReadOnlyList<string>? types, int limit, CancellationToken cancellationToken) =>
        _database.ReadAsync(
            session => session.Engine == DatabaseEngine.Postgres
                ? ReadWindowAsync(session, cursor, types, limit)
                : ReadIdsAsync(session, cursor, types, limit),
            cancellationToken);

    /// <summary>The end of what is committed now: all of it is visible, and what comes later is behind it.</summary>
    public static async Task<EventCursor> EndAsync(DbSession session)
    {
        if (session.Engine == DatabaseEngine.Postgres)
        {
            // An appender that runs now may commit an event after this one: it counts as later.
            long horizon = await session.ScalarAsync<long>(HorizonSql);
            return new EventCursor(0, horizon, horizon);
        }

        return new EventCursor(await session.ScalarAsync<long>("select coalesce(max(id), 0) from events_outbox"), 0, 0);
    }

    public Task<EventCursor> EndAsync(CancellationToken cancellationToken) => _database.ReadAsync(EndAsync, cancellationToken);

    /// <summary>Events appended and not yet had, of any type.</summary>
    public Task<long> LagAsync(EventCursor cursor, CancellationToken cancellationToken) =>
        _database.ReadAsync(
            session => session.ScalarAsync<long>(
                session.Engine == DatabaseEngine.Postgres
                    ? "select count(*) from events_outbox where transaction_id >= @WindowTo"
                        + " or (transaction_id >= @WindowFrom and transaction_id < @WindowTo and id > @Position)"
                    : "select coalesce(max(id), 0) - @Position from events_outbox",
                cursor),
            cancellationToken);

    /// <summary>
    /// Deletes events older than <paramref name="before"/> that every cursor has passed, at most <paramref name="limit"/>.
    /// </summary>
    public Task<int> DeleteDeliveredAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        DeleteAsync(
            before,
            limit,
            _database.Engine == DatabaseEngine.Postgres
                ? """
                  and not exists (select 1 from events_cursors c where c.through_broker = 0 and (e.transaction_id >= c.window_to
                      or (e.transaction_id >= c.window_from and e.id > c.position)))
                  """
                : "and e.id <= coalesce((select min(position) from events_cursors where through_broker = 0), e.id)",
            cancellationToken);

    /// <summary>Deletes events older than <paramref name="before"/>, delivered or not.</summary>
    public Task<int> DeleteExpiredAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        DeleteAsync(before, limit, "", cancellationToken);

    private static async Task<EventPage> ReadIdsAsync(DbSession session, EventCursor cursor, IReadOnlyList<string>? types, int limit)
    {
        // Read before the rows: one writer, so every id up to it is visible.
        long head = await session.ScalarAsync<long>("select coalesce(max(id), 0) from events_outbox");
        IReadOnlyList<StoredEvent> events = await QueryAsync(
            session,
            $"select {Columns} from events_outbox where id > @Position and id <= @head"
                + (types is null ? "" : " and type in @types") + " order by id limit @limit",
            new { cursor.Position, head, types, limit });
        bool full = events.Count == limit;
        long position = full ? events[^1].Id : Math.Max(head, cursor.Position);
        return new EventPage(events, cursor, cursor with { Position = position }, full);
    }

    private static async Task<EventPage> ReadWindowAsync(DbSession session, EventCursor cursor, IReadOnlyList<string>? types, int limit)
    {
        bool widened = false;
        if (cursor.WindowFrom == cursor.WindowTo)
        {
            // Nothing new, no new generation: an idle system leaves the sequence and the lock table alone.
            if (!await session.ScalarAsync<bool>("select exists (select 1 from events_outbox where transaction_id >= @WindowTo)", cursor))
            {
                return new EventPage([], cursor, cursor, MayHaveMore: false);
            }

            long horizon = await session.ScalarAsync<long>(HorizonSql);
            cursor = new EventCursor(0, cursor.WindowTo, Math.Max(horizon, cursor.WindowTo));
            widened = true;
        }

        // Within a window of complete generations ids tell the order: whoever waited for another's lock took its id later.
        IReadOnlyList<StoredEvent> events = await QueryAsync(
            session,
            $"select {Columns} from events_outbox where transaction_id >= @WindowFrom and transaction_id < @WindowTo and id > @Position"
                + (types is null ? "" : " and type = any(@types)") + " order by id limit @limit",
            new { cursor.WindowFrom, cursor.WindowTo, cursor.Position, types = types?.ToArray(), limit });
        return events.Count == limit
            ? new EventPage(events, cursor, cursor with { Position = events[^1].Id }, MayHaveMore: true)
            : new EventPage(events, cursor, new EventCursor(0, cursor.WindowTo, cursor.WindowTo), MayHaveMore: !widened);
    }

    private static async Task<IReadOnlyList<StoredEvent>> QueryAsync(DbSession session, string sql, object parameters)
    {
        IReadOnlyList<EventRow> rows = await session.QueryAsync<EventRow>(sql, parameters);
        return [.. rows.Select(row => new StoredEvent(
            row.Id, row.Type, row.SchemaVersion, row.Key, row.Payload, Instants.FromMicroseconds(row.CreatedAt))
        {
            Tenant = new TenantId(row.TenantId),
        })];
    }

    private Task<int> DeleteAsync(DateTimeOffset before, int limit, string condition, CancellationToken cancellationToken) =>
        _database.WriteAsync(
            session => session.ExecuteAsync(
                $"""
                delete from events_outbox where id in (
                    select e.id from events_outbox e where e.created_at < @before {condition} order by e.created_at limit @limit)
                """,
                new { before = Instants.ToMicroseconds(before), limit }),
            cancellationToken);

    private sealed class EventRow
    {
        public long Id { get; set; }

        public string Type { get; set; } = "";

        public int SchemaVersion { get; set; }

        public string Key { get; set; } = "";

        public string Payload { get; set; } = "";

        public long CreatedAt { get; set; }

        public int TenantId { get; set; }
    }
}
