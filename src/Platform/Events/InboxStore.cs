using Iskra.Platform.Data;

namespace Iskra.Platform.Events;

/// <summary>Which events a subscriber has handled, for the ways of delivery that may bring one twice.</summary>
internal static class InboxStore
{
    /// <summary>
    /// Notes events as handled, within the transaction of what handling them changes; gives those that were not noted before. A concurrent
    /// transaction that notes the same is waited for.
    /// </summary>
    public static async Task<HashSet<long>> AddAsync(DbSession session, string subscriber, IReadOnlyList<StoredEvent> events, long now)
    {
        // Through JSON on SQLite, which has no arrays: one statement for any number of ids.
        string values = session.Engine == DatabaseEngine.Postgres ? "unnest(@ids)" : "value";
        string source = session.Engine == DatabaseEngine.Postgres ? "" : " from json_each(@ids)";
        return
        [
            .. await session.QueryAsync<long>(
                $"insert into events_inbox (subscriber, event_id, handled_at) select @subscriber, {values}, @now{source} where true"
                    + " on conflict do nothing returning event_id",
                new { subscriber, ids = Ids(session, events), now }),
        ];
    }

    /// <summary>Which of the events are noted.</summary>
    public static async Task<HashSet<long>> FindAsync(DbSession session, string subscriber, IReadOnlyList<StoredEvent> events)
    {
        string list = session.Engine == DatabaseEngine.Postgres ? "= any(@ids)" : "in (select value from json_each(@ids))";
        return
        [
            .. await session.QueryAsync<long>(
                $"select event_id from events_inbox where subscriber = @subscriber and event_id {list}",
                new { subscriber, ids = Ids(session, events) }),
        ];
    }

    public static Task<bool> HasAnyAsync(DbSession session, string subscriber) => session.ScalarAsync<bool>(
        "select exists (select 1 from events_inbox where subscriber = @subscriber)", new { subscriber });

    /// <summary>Forgets the events from a point on, so that they are handled again.</summary>
    public static Task ForgetAsync(DbSession session, string subscriber, EventCursor from) => session.ExecuteAsync(
        session.Engine == DatabaseEngine.Postgres
            ? "delete from events_inbox where subscriber = @subscriber and event_id in"
                + " (select id from events_outbox where transaction_id > @WindowFrom or (transaction_id = @WindowFrom and id > @Position))"
            : "delete from events_inbox where subscriber = @subscriber and event_id > @Position",
        new { subscriber, from.Position, from.WindowFrom });

    /// <summary>Deletes notes older than an instant.</summary>
    public static Task<int> DeleteAsync(DbSession session, long before, int limit) => session.ExecuteAsync(
        """
        delete from events_inbox where (subscriber, event_id) in (
            select subscriber, event_id from events_inbox where handled_at < @before order by handled_at limit @limit)
        """,
        new { before, limit });

    private static object Ids(DbSession session, IReadOnlyList<StoredEvent> events)
    {
        long[] ids = [.. events.Select(stored => stored.Id)];
        return session.Engine == DatabaseEngine.Postgres ? ids : $"[{string.Join(',', ids)}]";
    }
}
