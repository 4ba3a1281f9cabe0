using Iskra.Platform.Data;

namespace Iskra.Platform.Events;

/// <summary>Reads the outbox and keeps cursors, on both engines.</summary>
internal sealed class OutboxStore
{
    // All transactions below are over: none of them can still make a row visible. It counts the whole server: a long write in any of its
    // databases delays delivery, and loses nothing.
    private const string HorizonSql = "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint";

    private const string Columns =
        "id as Id, type as Type, schema_version as SchemaVersion, key as Key, payload as Payload, created_at as CreatedAt";

    private readonly Database _database;
    private readonly TimeProvider _time;

    public OutboxStore(Database database, TimeProvider time)
    {
        _database = database;
        _time = time;
    }

    /// <summary>The subscriber's cursor; made, and stored, when it has none.</summary>
    public Task<EventCursor> OpenCursorAsync(string subscriber, EventStart startAt, CancellationToken cancellationToken) =>
        _database.WriteAsync(
            async session =>
            {
                CursorRow? row = await session.QuerySingleOrDefaultAsync<CursorRow>(
                    "select position as Position, window_from as WindowFrom, window_to as WindowTo from events_cursors"
                        + " where subscriber = @subscriber",
                    new { subscriber });
                EventCursor cursor = row is not null
                    ? new EventCursor(row.Position, row.WindowFrom, row.WindowTo)
                    : startAt == EventStart.Beginning ? EventCursor.Beginning : await EndAsync(session);
                if (row is null)
                {
                    await SaveAsync(session, subscriber, cursor);
                }

                return cursor;
            },
            cancellationToken);

    /// <summary>
    /// Cursors that lie beyond the server's transactions belong to another server: the tables were restored from a dump, whose transaction
    /// numbers mean nothing here. All retained events are then delivered again. True when that was so.
    /// </summary>
    public async Task<bool> RepairAfterRestoreAsync(CancellationToken cancellationToken) =>
        _database.Engine == DatabaseEngine.Postgres && await _database.WriteAsync(
            async session =>
            {
                long horizon = await session.ScalarAsync<long>("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint");
                long beyond = await session.ScalarAsync<long>(
                    "select count(*) from events_cursors where window_to > @horizon", new { horizon });
                if (beyond == 0)
                {
                    return false;
                }

                await session.ExecuteAsync("update events_outbox set transaction_id = 0 where transaction_id > @horizon", new { horizon });
                await session.ExecuteAsync("update events_cursors set position = 0, window_from = 0, window_to = 0");
                return true;
            },
            cancellationToken);

    public Task<EventPage> ReadAsync(EventCursor cursor, IReadOnlyList<string> types, int limit, CancellationToken cancellationToken) =>
        _database.ReadAsync(
            session => session.Engine == DatabaseEngine.Postgres
                ? ReadWindowAsync(session, cursor, types, limit)
                : ReadIdsAsync(session, cursor, types, limit),
            cancellationToken);

    public Task SaveCursorAsync(string subscriber, EventCursor cursor, CancellationToken cancellationToken) =>
        _database.WriteAsync(session => SaveAsync(session, subscriber, cursor), cancellationToken);

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
                  and not exists (select 1 from events_cursors c where e.transaction_id >= c.window_to
                      or (e.transaction_id >= c.window_from and e.id > c.position))
                  """
                : "and e.id <= coalesce((select min(position) from events_cursors), e.id)",
            cancellationToken);

    /// <summary>Deletes events older than <paramref name="before"/>, delivered or not.</summary>
    public Task<int> DeleteExpiredAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        DeleteAsync(before, limit, "", cancellationToken);

    private static async Task<EventPage> ReadIdsAsync(DbSession session, EventCursor cursor, IReadOnlyList<string> types, int limit)
    {
        // Read before the rows: one writer, so every id up to it is visible.
        long head = await session.ScalarAsync<long>("select coalesce(max(id), 0) from events_outbox");
        IReadOnlyList<StoredEvent> events = await QueryAsync(
            session,
            $"select {Columns} from events_outbox where id > @Position and id <= @head and type in @types order by id limit @limit",
            new { cursor.Position, head, types, limit });
        bool full = events.Count == limit;
        long position = full ? events[^1].Id : Math.Max(head, cursor.Position);
        return new EventPage(events, cursor with { Position = position }, full);
    }

    private static async Task<EventPage> ReadWindowAsync(DbSession session, EventCursor cursor, IReadOnlyList<string> types, int limit)
    {
        bool widened = false;
        if (cursor.WindowFrom == cursor.WindowTo)
        {
            long horizon = await session.ScalarAsync<long>(HorizonSql);
            cursor = new EventCursor(0, cursor.WindowTo, Math.Max(horizon, cursor.WindowTo));
            widened = true;
        }

        // Within a window of finished transactions ids tell the order: whoever waited for another's lock took its id later.
        IReadOnlyList<StoredEvent> events = await QueryAsync(
            session,
            $"select {Columns} from events_outbox where transaction_id >= @WindowFrom and transaction_id < @WindowTo and id > @Position"
                + " and type = any(@types) order by id limit @limit",
            new { cursor.WindowFrom, cursor.WindowTo, cursor.Position, types = types.ToArray(), limit });
        return events.Count == limit
            ? new EventPage(events, cursor with { Position = events[^1].Id }, MayHaveMore: true)
            : new EventPage(events, new EventCursor(0, cursor.WindowTo, cursor.WindowTo), MayHaveMore: !widened);
    }

    private static async Task<IReadOnlyList<StoredEvent>> QueryAsync(DbSession session, string sql, object parameters)
    {
        IReadOnlyList<EventRow> rows = await session.QueryAsync<EventRow>(sql, parameters);
        return [.. rows.Select(row => new StoredEvent(
            row.Id, row.Type, row.SchemaVersion, row.Key, row.Payload, Instants.FromMicroseconds(row.CreatedAt)))];
    }

    private static async Task<EventCursor> EndAsync(DbSession session)
    {
        if (session.Engine == DatabaseEngine.Postgres)
        {
            // A transaction that runs now may commit an event after this one: it counts as later.
            long horizon = await session.ScalarAsync<long>(HorizonSql);
            return new EventCursor(0, horizon, horizon);
        }

        return new EventCursor(await session.ScalarAsync<long>("select coalesce(max(id), 0) from events_outbox"), 0, 0);
    }

    private async Task SaveAsync(DbSession session, string subscriber, EventCursor cursor) =>
        await session.ExecuteAsync(
            """
            insert into events_cursors (subscriber, position, window_from, window_to, updated_at)
            values (@subscriber, @Position, @WindowFrom, @WindowTo, @now)
            on conflict (subscriber) do update set position = excluded.position, window_from = excluded.window_from,
                window_to = excluded.window_to, updated_at = excluded.updated_at
            """,
            new { subscriber, cursor.Position, cursor.WindowFrom, cursor.WindowTo, now = Instants.ToMicroseconds(_time.GetUtcNow()) });

    private Task<int> DeleteAsync(DateTimeOffset before, int limit, string condition, CancellationToken cancellationToken) =>
        _database.WriteAsync(
            session => session.ExecuteAsync(
                $"""
                delete from events_outbox where id in (
                    select e.id from events_outbox e where e.created_at < @before {condition} order by e.created_at limit @limit)
                """,
                new { before = Instants.ToMicroseconds(before), limit }),
            cancellationToken);

    private sealed class CursorRow
    {
        public long Position { get; set; }

        public long WindowFrom { get; set; }

        public long WindowTo { get; set; }
    }

    private sealed class EventRow
    {
        public long Id { get; set; }

        public string Type { get; set; } = "";

        public int SchemaVersion { get; set; }

        public string Key { get; set; } = "";

        public string Payload { get; set; } = "";

        public long CreatedAt { get; set; }
    }
}
