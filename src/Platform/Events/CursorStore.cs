using Iskra.Platform.Data;

namespace Iskra.Platform.Events;

/// <summary>
/// The rows of the subscribers and of the publisher: where they stand, which process runs them, how often they failed. A process owns a row
/// for an epoch; what it saves under a former epoch is refused, so that two processes never move one cursor.
/// </summary>
internal sealed class CursorStore
{
    /// <summary>The row of the loop that publishes to the broker.</summary>
    public const string Publisher = "iskra.publisher";

    public const string Columns =
        "subscriber as Subscriber, position as Position, window_from as WindowFrom, window_to as WindowTo, holder as Holder,"
            + " epoch as Epoch, held_until as HeldUntil, through_broker as ThroughBroker, failures as Failures,"
            + " last_error_kind as LastErrorKind, last_failed_at as LastFailedAt";

    private readonly Database _database;
    private readonly TimeProvider _time;

    public CursorStore(Database database, TimeProvider time)
    {
        _database = database;
        _time = time;
    }

    /// <summary>The row; made when it isn't there.</summary>
    public Task<CursorRow> OpenAsync(string subscriber, EventStart startAt, CancellationToken cancellationToken) => _database.WriteAsync(
        async session =>
        {
            if (await FindAsync(session, subscriber) is { } found)
            {
                return found;
            }

            EventCursor cursor = startAt == EventStart.Beginning ? EventCursor.Beginning : await OutboxStore.EndAsync(session);
            await session.ExecuteAsync(
                """
                insert into events_cursors (subscriber, position, window_from, window_to, updated_at)
                values (@subscriber, @Position, @WindowFrom, @WindowTo, @now) on conflict (subscriber) do nothing
                """,
                new { subscriber, cursor.Position, cursor.WindowFrom, cursor.WindowTo, now = _time.NowMicroseconds() });
            return (await FindAsync(session, subscriber))!;
        },
        cancellationToken);

    public static Task<CursorRow?> FindAsync(DbSession session, string subscriber) => session.QuerySingleOrDefaultAsync<CursorRow>(
        $"select {Columns} from events_cursors where subscriber = @subscriber", new { subscriber });

    /// <summary>
    /// Takes the row for a process: the new epoch, or null while another process holds it. The embedded store has one process, so there
    /// nobody else can hold anything.
    /// </summary>
    public Task<long?> TryAcquireAsync(string subscriber, string holder, TimeSpan duration, CancellationToken cancellationToken) =>
        _database.WriteAsync(
            session => session.ScalarAsync<long?>(
                """
                update events_cursors set holder = @holder, epoch = epoch + 1, held_until = @until
                where subscriber = @subscriber and (held_until <= @now or holder = @holder or @alone)
                returning epoch
                """,
                new
                {
                    subscriber,
                    holder,
                    now = _time.NowMicroseconds(),
                    until = Instants.ToMicroseconds(_time.GetUtcNow() + duration),
                    alone = session.Engine == DatabaseEngine.Sqlite,
                }),
            cancellationToken);

    /// <summary>Holds the row for longer; false when it is no longer this epoch's.</summary>
    public Task<bool> RenewAsync(string subscriber, long epoch, TimeSpan duration, CancellationToken cancellationToken) =>
        _database.WriteAsync(
            async session => await session.ExecuteAsync(
                "update events_cursors set held_until = @until where subscriber = @subscriber and epoch = @epoch",
                new { subscriber, epoch, until = Instants.ToMicroseconds(_time.GetUtcNow() + duration) }) == 1,
            cancellationToken);

    public Task ReleaseAsync(string subscriber, long epoch) => _database.WriteAsync(session => session.ExecuteAsync(
        "update events_cursors set held_until = 0 where subscriber = @subscriber and epoch = @epoch", new { subscriber, epoch }));

    /// <summary>Moves the cursor within the caller's transaction.</summary>
    /// <exception cref="LeaseLostException">The row belongs to a later epoch: roll back.</exception>
    public async Task SaveAsync(DbSession session, string subscriber, long epoch, EventCursor cursor, bool throughBroker = false)
    {
        int saved = await session.ExecuteAsync(
            """
            update events_cursors set position = @Position, window_from = @WindowFrom, window_to = @WindowTo,
                through_broker = @throughBroker, updated_at = @now
            where subscriber = @subscriber and epoch = @epoch
            """,
            new
            {
                subscriber,
                epoch,
                cursor.Position,
                cursor.WindowFrom,
                cursor.WindowTo,
                throughBroker = throughBroker ? 1 : 0,
                now = _time.NowMicroseconds(),
            });
        if (saved == 0)
        {
            throw new LeaseLostException(subscriber);
        }
    }

    /// <summary>Locks the row for the caller's transaction.</summary>
    /// <exception cref="LeaseLostException">The row belongs to a later epoch: roll back.</exception>
    public async Task CheckAsync(DbSession session, string subscriber, long epoch)
    {
        int found = await session.ExecuteAsync(
            "update events_cursors set updated_at = @now where subscriber = @subscriber and epoch = @epoch",
            new { subscriber, epoch, now = _time.NowMicroseconds() });
        if (found == 0)
        {
            throw new LeaseLostException(subscriber);
        }
    }

    public Task SaveAsync(
        string subscriber, long epoch, EventCursor cursor, bool throughBroker, CancellationToken cancellationToken) =>
        _database.WriteAsync(session => SaveAsync(session, subscriber, epoch, cursor, throughBroker), cancellationToken);

    /// <summary>Removes the row of a subscriber that needs none any more: else it would hold the outbox for as long as it may.</summary>
    public Task ForgetAsync(string subscriber, CancellationToken cancellationToken) => _database.WriteAsync(
        session => session.ExecuteAsync("delete from events_cursors where subscriber = @subscriber", new { subscriber }),
        cancellationToken);

    public Task<long> EpochAsync(string subscriber, CancellationToken cancellationToken) => _database.ReadAsync(
        session => session.ScalarAsync<long>("select epoch from events_cursors where subscriber = @subscriber", new { subscriber }),
        cancellationToken);

    /// <summary>Counts a failure; the kind is a type's name, never a message, which could hold what must not be shown.</summary>
    public Task RecordFailureAsync(string subscriber, string kind, CancellationToken cancellationToken) => _database.WriteAsync(
        session => session.ExecuteAsync(
            "update events_cursors set failures = failures + 1, last_error_kind = @kind, last_failed_at = @now"
                + " where subscriber = @subscriber",
            new { subscriber, kind, now = _time.NowMicroseconds() }),
        cancellationToken);
}
