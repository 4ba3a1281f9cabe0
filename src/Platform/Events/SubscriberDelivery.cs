using System.Data.Common;
using Iskra.Platform.Data;
using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Events;

/// <summary>
/// Gives events to one subscriber, whichever way they came: each once, the events of a key in order, a poison event out of the way of all
/// other keys. Used by one loop at a time.
/// </summary>
internal sealed class SubscriberDelivery
{
    private const int HeadsMax = 100;

    private readonly IEventSubscriber _subscriber;
    private readonly ITransactionalSubscriber? _transactional;
    private readonly EventServices _services;
    private readonly EventsOptions _options;
    private readonly EventsMetrics _metrics;
    private readonly ILogger _log;
    private readonly KeyValuePair<string, object?> _tag;
    private HashSet<EventKey> _blocked = [];
    private bool _hasInbox;

    public SubscriberDelivery(IEventSubscriber subscriber, EventServices services, ILogger log)
    {
        _subscriber = subscriber;
        _transactional = subscriber as ITransactionalSubscriber;
        _services = services;
        _options = services.Options;
        _metrics = services.Metrics;
        _log = log;
        _tag = new KeyValuePair<string, object?>("subscriber", subscriber.Name);
    }

    private string Name => _subscriber.Name;

    /// <summary>Reads what an earlier owner left: parked keys, and whether there are notes in the inbox.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _blocked = await _services.Parked.KeysAsync(Name, cancellationToken);
        _hasInbox = await _services.Database.ReadAsync(session => InboxStore.HasAnyAsync(session, Name), cancellationToken);
    }

    /// <summary>
    /// Handles, or parks, all events of a batch, and notes it. Throws when the infrastructure fails (then the caller repeats) or the
    /// subscriber belongs to another epoch.
    /// </summary>
    public async Task DeliverAsync(IReadOnlyList<StoredEvent> batch, DeliveryPlace place, CancellationToken cancellationToken)
    {
        IReadOnlyList<StoredEvent> open = batch;
        if (_blocked.Count > 0)
        {
            await ParkBehindAsync([.. batch.Where(IsBlocked)], place, cancellationToken);
            open = [.. batch.Where(stored => !IsBlocked(stored))];
        }

        if (open.Count == 1)
        {
            await DeliverOneAsync(open[0], place, place.Page?.Cursor, 0, cancellationToken);
            return;
        }

        try
        {
            await HandleAsync(open, place, place.Page?.Cursor, cancellationToken);
            return;
        }
        catch (Exception exception) when (IsHandlers(exception, cancellationToken))
        {
            await RecordAsync(exception, 1, cancellationToken);
        }

        // One by one: only the event that fails is held back, and what comes after it of its key.
        for (int i = 0; i < open.Count; i++)
        {
            EventCursor? after = i == open.Count - 1 ? place.Page?.Cursor : place.Page?.After(open[i]);
            if (IsBlocked(open[i]))
            {
                await ParkBehindAsync([open[i]], place, cancellationToken);
            }
            else
            {
                await DeliverOneAsync(open[i], place, after, 0, cancellationToken);
            }
        }

        await SaveAsync(place, cancellationToken);
    }

    /// <summary>Delivers parked events that an operator has requeued, and those behind them.</summary>
    public async Task DrainParkedAsync(long epoch, CancellationToken cancellationToken)
    {
        if (_blocked.Count == 0)
        {
            return;
        }

        IReadOnlyList<ParkedRow> heads;
        while ((heads = await _services.Parked.HeadsAsync(Name, HeadsMax, cancellationToken)).Count > 0)
        {
            foreach (ParkedRow head in heads)
            {
                await RetryAsync(head, epoch, cancellationToken);
            }
        }

        _blocked = await _services.Parked.KeysAsync(Name, cancellationToken);
    }

    private static bool IsHandlers(Exception exception, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested
        && exception is not LeaseLostException and not DatabaseBusyException and not DbException { IsTransient: true };

    private bool IsBlocked(StoredEvent stored) => _blocked.Contains(EventKey.Of(stored));

    private async Task DeliverOneAsync(
        StoredEvent stored, DeliveryPlace place, EventCursor? after, int attempts, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await HandleAsync([stored], place, after, cancellationToken);
                if (attempts > 0)
                {
                    _log.SubscriberRecovered(Name, attempts);
                }

                return;
            }
            catch (Exception exception) when (IsHandlers(exception, cancellationToken))
            {
                attempts++;
                await RecordAsync(exception, attempts, cancellationToken);
                await MeasureAsync(place, cancellationToken);
                if (attempts >= _options.FailuresMax && await TryParkAsync(stored, place, after, attempts, exception, cancellationToken))
                {
                    return;
                }
            }

            TimeSpan wait = SubscriberLoop.BackoffOf(attempts, _options, Random.Shared.NextDouble());
            await Task.Delay(wait, _services.Time, cancellationToken);
        }
    }

    private async Task HandleAsync(
        IReadOnlyList<StoredEvent> events, DeliveryPlace place, EventCursor? after, CancellationToken cancellationToken)
    {
        bool usesInbox = (place.UsesInbox || _hasInbox) && events.Count > 0;
        int handled = _transactional is null
            ? await HandlePlainAsync(events, place, after, usesInbox, cancellationToken)
            : await _services.Database.WriteAsync(
                async session =>
                {
                    IReadOnlyList<StoredEvent> fresh = events;
                    if (usesInbox)
                    {
                        HashSet<long> added = await InboxStore.AddAsync(session, Name, events, _services.Time.NowMicroseconds());
                        fresh = added.Count == events.Count ? events : [.. events.Where(stored => added.Contains(stored.Id))];
                    }

                    if (fresh.Count > 0)
                    {
                        await _transactional.HandleAsync(session, fresh);
                    }

                    await NoteAsync(session, place, after);
                    return fresh.Count;
                },
                cancellationToken);
        _metrics.Delivered.Add(handled, _tag);
        _metrics.Duplicates.Add(events.Count - handled, _tag);
    }

    private async Task<int> HandlePlainAsync(
        IReadOnlyList<StoredEvent> events, DeliveryPlace place, EventCursor? after, bool usesInbox, CancellationToken cancellationToken)
    {
        IReadOnlyList<StoredEvent> fresh = events;
        if (usesInbox)
        {
            HashSet<long> known = await _services.Database.ReadAsync(
                session => InboxStore.FindAsync(session, Name, events), cancellationToken);
            fresh = known.Count == 0 ? events : [.. events.Where(stored => !known.Contains(stored.Id))];
        }

        if (fresh.Count > 0)
        {
            await _subscriber.HandleAsync(fresh, cancellationToken);
        }

        if (usesInbox || after is not null)
        {
            // Not cancelled: a process that stops notes what its handler has done, so that only a crash brings a batch again.
            await _services.Database.WriteAsync(
                async session =>
                {
                    if (usesInbox && fresh.Count > 0)
                    {
                        await InboxStore.AddAsync(session, Name, fresh, _services.Time.NowMicroseconds());
                    }

                    await NoteAsync(session, place, after);
                },
                CancellationToken.None);
        }

        return fresh.Count;
    }

    private async Task NoteAsync(DbSession session, DeliveryPlace place, EventCursor? after)
    {
        if (after is not null)
        {
            await _services.Cursors.SaveAsync(session, Name, place.Epoch, after);
        }
    }

    private Task SaveAsync(DeliveryPlace place, CancellationToken cancellationToken) => place.Page is null
        ? Task.CompletedTask
        : _services.Cursors.SaveAsync(Name, place.Epoch, place.Page.Cursor, throughBroker: false, cancellationToken);

    /// <summary>Parks later events of blocked keys, and notes them in the inbox: the cursor may come by here again.</summary>
    private async Task ParkBehindAsync(IReadOnlyList<StoredEvent> events, DeliveryPlace place, CancellationToken cancellationToken)
    {
        if (events.Count == 0)
        {
            return;
        }

        bool checksInbox = place.UsesInbox || _hasInbox;
        _hasInbox = true;
        int parked = await _services.Database.WriteAsync(
            async session =>
            {
                HashSet<long> added = await InboxStore.AddAsync(session, Name, events, _services.Time.NowMicroseconds());
                foreach (StoredEvent stored in events.Where(stored => !checksInbox || added.Contains(stored.Id)))
                {
                    await _services.Parked.AddAsync(session, Name, stored, ParkedState.Behind, 0, null);
                }

                return added.Count;
            },
            cancellationToken);
        _metrics.ParkedBehind.Add(parked, _tag);
    }

    private async Task<bool> TryParkAsync(
        StoredEvent stored,
        DeliveryPlace place,
        EventCursor? after,
        int attempts,
        Exception exception,
        CancellationToken cancellationToken)
    {
        if (_blocked.Count >= _options.ParkedKeysMax)
        {
            // So many bad keys are no bad events: something behind the subscriber is broken, and waiting keeps everything in order.
            _metrics.ParkingRefused.Add(1, _tag);
            return false;
        }

        await _services.Database.WriteAsync(
            async session =>
            {
                await InboxStore.AddAsync(session, Name, [stored], _services.Time.NowMicroseconds());
                await _services.Parked.AddAsync(session, Name, stored, ParkedState.Failed, attempts, KindOf(exception));
                await NoteAsync(session, place, after);
            },
            cancellationToken);
        _hasInbox = true;
        _blocked.Add(EventKey.Of(stored));
        _metrics.Dead.Add(1, _tag);
        _log.EventParked(Name, stored.Id, stored.Type, attempts);
        return true;
    }

    private async Task RetryAsync(ParkedRow head, long epoch, CancellationToken cancellationToken)
    {
        // The operator who asked wants to know at once; those behind are delivered for the first time.
        int attemptsMax = head.State == (int)ParkedState.Requeued ? 1 : _options.FailuresMax;
        StoredEvent stored = head.ToEvent();
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await HandleParkedAsync(head, stored, epoch, cancellationToken);
                _metrics.Delivered.Add(1, _tag);
                return;
            }
            catch (Exception exception) when (IsHandlers(exception, cancellationToken))
            {
                await RecordAsync(exception, attempt, cancellationToken);
                if (attempt >= attemptsMax)
                {
                    await _services.Parked.FailAsync(head, head.Attempts + attempt, KindOf(exception), cancellationToken);
                    return;
                }
            }

            TimeSpan wait = SubscriberLoop.BackoffOf(attempt, _options, Random.Shared.NextDouble());
            await Task.Delay(wait, _services.Time, cancellationToken);
        }
    }

    private async Task HandleParkedAsync(ParkedRow head, StoredEvent stored, long epoch, CancellationToken cancellationToken)
    {
        if (_transactional is null)
        {
            await _subscriber.HandleAsync([stored], cancellationToken);
        }

        await _services.Database.WriteAsync(
            async session =>
            {
                await _services.Cursors.CheckAsync(session, Name, epoch);
                if (_transactional is not null)
                {
                    await _transactional.HandleAsync(session, [stored]);
                }

                await ParkedStore.RemoveAsync(session, head);
            },
            _transactional is null ? CancellationToken.None : cancellationToken);
    }

    private async Task RecordAsync(Exception exception, int failures, CancellationToken cancellationToken)
    {
        _metrics.Failures.Add(1, _tag);
        _log.SubscriberFailed(exception, Name, failures);
        await _services.Cursors.RecordFailureAsync(Name, KindOf(exception), cancellationToken);
    }

    private async Task MeasureAsync(DeliveryPlace place, CancellationToken cancellationToken)
    {
        if (place.Page is { } page)
        {
            _metrics.SetLag(Name, await _services.Outbox.LagAsync(page.Start, cancellationToken));
        }
    }

    private static string KindOf(Exception exception) => exception.GetType().Name;
}
