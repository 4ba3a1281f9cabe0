using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Events;

/// <summary>What an operator may see and do: subscribers and their lag, replay, parked events. For the API and for commands.</summary>
internal sealed class EventsAdmin
{
    private readonly EventServices _services;

    public EventsAdmin(EventServices services) => _services = services;

    public ParkedStore Parked => _services.Parked;

    /// <summary>Every subscriber that has a cursor, and the publisher when there is or was a broker.</summary>
    public async Task<IReadOnlyList<SubscriberDocument>> ListAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<CursorRow> rows = await _services.Database.ReadAsync(
            session => session.QueryAsync<CursorRow>($"select {CursorStore.Columns} from events_cursors order by subscriber"),
            cancellationToken);
        Dictionary<string, long> parked = await Parked.CountsAsync(cancellationToken);
        CursorRow? publisher = rows.FirstOrDefault(row => row.Subscriber == CursorStore.Publisher);
        List<SubscriberDocument> documents = [];
        foreach (CursorRow row in rows)
        {
            // Behind the broker what is not published yet is the part of the lag that the outbox knows.
            EventCursor cursor = row.ThroughBroker != 0 && publisher is not null ? publisher.Cursor : row.Cursor;
            documents.Add(new SubscriberDocument(
                row.Subscriber,
                row.ThroughBroker != 0 ? SubscriberSource.Broker : SubscriberSource.Outbox,
                row.HeldUntil > _services.Time.NowMicroseconds(),
                await _services.Outbox.LagAsync(cursor, cancellationToken),
                parked.GetValueOrDefault(row.Subscriber),
                row.Failures,
                row.LastErrorKind,
                row.LastFailedAt is { } at ? Instants.FromMicroseconds(at) : null));
        }

        return documents;
    }

    /// <summary>
    /// Sends a subscriber back to an event or an instant: everything from there on is delivered to it again, and nobody else notices. The
    /// process that runs it notices within the poll interval. Never moves a subscriber forward.
    /// </summary>
    public Task<ReplayOutcome> ReplayAsync(string subscriber, long? fromId, DateTimeOffset? from, CancellationToken cancellationToken) =>
        _services.Database.WriteAsync(
            async session =>
            {
                CursorRow? row = subscriber == CursorStore.Publisher ? null : await CursorStore.FindAsync(session, subscriber);
                if (row is null)
                {
                    return ReplayOutcome.UnknownSubscriber;
                }

                EventCursor passed = row.ThroughBroker == 0
                    ? row.Cursor
                    : (await CursorStore.FindAsync(session, CursorStore.Publisher))?.Cursor ?? row.Cursor;
                EventCursor? start = await StartOfAsync(session, passed, fromId, from);
                if (start is null || (row.ThroughBroker == 0 && IsAhead(start, row.Cursor)))
                {
                    return ReplayOutcome.NothingToReplay;
                }

                await InboxStore.ForgetAsync(session, subscriber, start);
                await session.ExecuteAsync(
                    """
                    update events_cursors set position = @Position, window_from = @WindowFrom, window_to = @WindowTo, through_broker = 0,
                        epoch = epoch + 1, updated_at = @now
                    where subscriber = @subscriber
                    """,
                    new { subscriber, start.Position, start.WindowFrom, start.WindowTo, now = _services.Time.NowMicroseconds() });
                return ReplayOutcome.Accepted;
            },
            cancellationToken);

    public Task<bool> IsKnownAsync(string subscriber, CancellationToken cancellationToken) => _services.Database.ReadAsync(
        async session => await CursorStore.FindAsync(session, subscriber) is not null, cancellationToken);

    /// <summary>A page of parked events of a tenant.</summary>
    public async Task<IReadOnlyList<ParkedDocument>> ListParkedAsync(
        TenantId tenant, string subscriber, long after, int limit, CancellationToken cancellationToken)
    {
        IReadOnlyList<ParkedRow> rows = await Parked.ListAsync(tenant, subscriber, after, limit, cancellationToken);
        return
        [
            .. rows.Select(row => new ParkedDocument(
                row.Seq,
                row.EventId,
                row.Type,
                row.SchemaVersion,
                row.Key,
                (ParkedState)row.State,
                row.Attempts,
                row.ErrorKind,
                Instants.FromMicroseconds(row.CreatedAt),
                Instants.FromMicroseconds(row.ParkedAt))),
        ];
    }

    private static bool IsAhead(EventCursor start, EventCursor cursor) =>
        cursor.WindowTo > 0 || start.WindowTo > 0 ? start.WindowFrom >= cursor.WindowTo : start.Position >= cursor.Position;

    /// <summary>
    /// Just before the first retained event of the range; null when there is none. On PostgreSQL the earliest generation of the range
    /// counts; when it is passed, those of its events that come before the range are left out.
    /// </summary>
    private static async Task<EventCursor?> StartOfAsync(DbSession session, EventCursor passed, long? fromId, DateTimeOffset? from)
    {
        string condition = fromId is null ? "created_at >= @at" : "id >= @fromId";
        long? first = await session.ScalarAsync<long?>(
            $"select min(id) from events_outbox where {condition}",
            new { fromId, at = from is { } instant ? Instants.ToMicroseconds(instant) : 0 });
        if (first is not { } id)
        {
            return null;
        }

        if (session.Engine == DatabaseEngine.Sqlite)
        {
            return new EventCursor(id - 1, 0, 0);
        }

        long generation = await session.ScalarAsync<long>("select min(transaction_id) from events_outbox where id >= @id", new { id });
        return passed.WindowFrom > generation
            ? new EventCursor(id - 1, generation, generation + 1)
            : new EventCursor(0, generation, generation);
    }
}
