using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Events;

/// <summary>
/// Runs one subscriber from the outbox: reads from its cursor, hands over, moves the cursor; waits for a signal, or for the poll. With a
/// broker it only takes the lease, and the queue does the rest.
/// </summary>
internal sealed class SubscriberLoop
{
    // A cursor that moves over other subscribers' events is not worth a write each time; a crash in between costs re-reading.
    private static readonly TimeSpan IdleSaveInterval = TimeSpan.FromSeconds(10);

    private readonly IEventSubscriber _subscriber;
    private readonly EventServices _services;
    private readonly BrokerQueue? _queue;
    private readonly CursorLease _lease;
    private readonly SubscriberDelivery _delivery;
    private readonly EventsOptions _options;
    private readonly ILogger _log;
    private EventCursor _cursor = EventCursor.Beginning;
    private bool _usesInbox;
    private long _savedAt;
    private long _measuredAt;

    public SubscriberLoop(IEventSubscriber subscriber, EventServices services, BrokerConnection? broker, ILogger log)
    {
        _subscriber = subscriber;
        _services = services;
        _options = services.Options;
        _log = log;
        _lease = new CursorLease(services.Cursors, services.Options, services.Time, log);
        _delivery = new SubscriberDelivery(subscriber, services, log);
        _queue = broker is null ? null : new BrokerQueue(subscriber, broker, _delivery, services, log);
        services.Metrics.SetLag(subscriber.Name, 0);
    }

    public Task RunAsync(CancellationToken cancellationToken) =>
        _lease.RunAsync(_subscriber.Name, _subscriber.StartAt, RunOwnedAsync, cancellationToken);

    /// <summary>Half to all of the doubled wait, so that what failed together doesn't come back together.</summary>
    internal static TimeSpan BackoffOf(int failures, EventsOptions options, double random)
    {
        double doubled = options.BackoffFirst.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 30));
        return TimeSpan.FromMilliseconds(Math.Min(doubled, options.BackoffMax.TotalMilliseconds) * (0.5 + (random / 2)));
    }

    private async Task RunOwnedAsync(long epoch, CancellationToken cancellationToken)
    {
        CursorRow row = await _services.Cursors.OpenAsync(_subscriber.Name, _subscriber.StartAt, cancellationToken);
        await _delivery.StartAsync(cancellationToken);
        if (_queue is not null)
        {
            await _queue.RunAsync(epoch, cancellationToken);
            return;
        }

        _cursor = row.Cursor;
        _usesInbox = row.ThroughBroker != 0;
        _savedAt = _services.Time.GetTimestamp();
        if (_usesInbox)
        {
            // The queue of former days is no longer read: from here on the cursor is what counts, and holds the outbox.
            await _services.Cursors.SaveAsync(_subscriber.Name, epoch, _cursor, throughBroker: false, cancellationToken);
        }

        await LoopAsync(epoch, cancellationToken);
    }

    private async Task LoopAsync(long epoch, CancellationToken cancellationToken)
    {
        int failures = 0;
        long checkedAt = _services.Time.GetTimestamp();
        while (!cancellationToken.IsCancellationRequested)
        {
            // Before reading: what is committed from here on sets it.
            Task signal = _services.Signal.Next;
            try
            {
                if (failures > 0)
                {
                    // The answer to a commit may have been lost: what the row says is true, not what this loop remembers.
                    _cursor = (await _services.Cursors.OpenAsync(_subscriber.Name, _subscriber.StartAt, cancellationToken)).Cursor;
                }

                await DrainAsync(epoch, cancellationToken);
                if (_services.Time.GetElapsedTime(checkedAt) >= _options.PollInterval)
                {
                    checkedAt = _services.Time.GetTimestamp();
                    await CheckAsync(epoch, cancellationToken);
                }

                failures = 0;
            }
            catch (Exception exception) when (exception is not LeaseLostException && !cancellationToken.IsCancellationRequested)
            {
                failures++;
                await BackOffAsync(exception, failures, cancellationToken);
                continue;
            }

            await EventWait.ForAsync(signal, _options, _services.Time, cancellationToken);
        }
    }

    /// <summary>Has an operator moved the cursor, or requeued what was parked?</summary>
    private async Task CheckAsync(long epoch, CancellationToken cancellationToken)
    {
        if (await _services.Cursors.EpochAsync(_subscriber.Name, cancellationToken) != epoch)
        {
            throw new LeaseLostException(_subscriber.Name);
        }

        await _delivery.DrainParkedAsync(epoch, cancellationToken);
    }

    private async Task DrainAsync(long epoch, CancellationToken cancellationToken)
    {
        while (true)
        {
            EventPage page = await _services.Outbox.ReadAsync(_cursor, _subscriber.Types, _options.BatchMax, cancellationToken);
            if (page.Events.Count > 0)
            {
                await _delivery.DeliverAsync(page.Events, new DeliveryPlace(epoch, page, _usesInbox), cancellationToken);
                _savedAt = _services.Time.GetTimestamp();
            }
            else if (page.Cursor != page.Start && _services.Time.GetElapsedTime(_savedAt) >= IdleSaveInterval)
            {
                await _services.Cursors.SaveAsync(_subscriber.Name, epoch, page.Cursor, throughBroker: false, cancellationToken);
                _savedAt = _services.Time.GetTimestamp();
            }

            _cursor = page.Cursor;
            if (!page.MayHaveMore)
            {
                _services.Metrics.SetLag(_subscriber.Name, 0);
                return;
            }

            // Counting what waits costs as much as there is: not with each page.
            if (_services.Time.GetElapsedTime(_measuredAt) >= _options.PollInterval)
            {
                _measuredAt = _services.Time.GetTimestamp();
                _services.Metrics.SetLag(_subscriber.Name, await _services.Outbox.LagAsync(_cursor, cancellationToken));
            }
        }
    }

    private async Task BackOffAsync(Exception exception, int failures, CancellationToken cancellationToken)
    {
        TimeSpan wait = BackoffOf(failures, _options, Random.Shared.NextDouble());
        _log.DeliveryFailed(exception, _subscriber.Name, failures, (long)wait.TotalMilliseconds);
        try
        {
            _services.Metrics.SetLag(_subscriber.Name, await _services.Outbox.LagAsync(_cursor, cancellationToken));
        }
        catch (Exception)
        {
            // The database itself may be what failed; the log has the cause.
        }

        await Task.Delay(wait, _services.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
