using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Events;

/// <summary>Delivers to one subscriber: reads from its cursor, hands over, moves the cursor; waits for a signal, or for the poll.</summary>
internal sealed class SubscriberLoop
{
    // A cursor that moves over other subscribers' events is not worth a write each time; a crash in between costs re-reading.
    private static readonly TimeSpan IdleSaveInterval = TimeSpan.FromSeconds(10);

    private readonly IEventSubscriber _subscriber;
    private readonly OutboxStore _store;
    private readonly EventSignal _signal;
    private readonly EventsOptions _options;
    private readonly EventsMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly KeyValuePair<string, object?> _tag;
    private EventCursor? _cursor;
    private long _savedAt;
    private int _failures;

    public SubscriberLoop(
        IEventSubscriber subscriber,
        OutboxStore store,
        EventSignal signal,
        EventsOptions options,
        EventsMetrics metrics,
        TimeProvider time,
        ILogger log)
    {
        _subscriber = subscriber;
        _store = store;
        _signal = signal;
        _options = options;
        _metrics = metrics;
        _time = time;
        _log = log;
        _tag = new KeyValuePair<string, object?>("subscriber", subscriber.Name);
        metrics.SetLag(subscriber.Name, 0);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        TimeSpan pause = _options.PollInterval;
        while (!cancellationToken.IsCancellationRequested)
        {
            // Before reading: what is written from here on sets it.
            Task<bool> signal = _signal.Next;
            try
            {
                bool found = await DrainAsync(cancellationToken);
                pause = found ? _options.PollInterval : Min(pause * 2, _options.PollInterval);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                await BackOffAsync(exception, cancellationToken);
                continue;
            }

            pause = await WaitAsync(signal, pause, cancellationToken);
        }
    }

    /// <summary>Half to all of the doubled wait, so that subscribers that failed together don't come back together.</summary>
    internal static TimeSpan BackoffOf(int failures, EventsOptions options, double random)
    {
        double doubled = options.BackoffFirst.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 30));
        return TimeSpan.FromMilliseconds(Math.Min(doubled, options.BackoffMax.TotalMilliseconds) * (0.5 + (random / 2)));
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    // An append is announced before its commit: look a moment later, then at growing intervals until it is there or the poll takes over.
    private async Task<TimeSpan> WaitAsync(Task<bool> signal, TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            bool committed = await signal.WaitAsync(pause, _time, cancellationToken);
            if (committed)
            {
                return _options.CommitDelay;
            }

            await Task.Delay(_options.CommitDelay, _time, cancellationToken);
            return _options.CommitDelay;
        }
        catch (TimeoutException)
        {
            return pause;
        }
        catch (OperationCanceledException)
        {
            return pause;
        }
    }

    private async Task<bool> DrainAsync(CancellationToken cancellationToken)
    {
        _cursor ??= await _store.OpenCursorAsync(_subscriber.Name, _subscriber.StartAt, cancellationToken);
        bool found = false;
        while (true)
        {
            // One at a time after a failure: a bad event then holds up only what comes after it.
            int limit = _failures > 0 ? 1 : _options.BatchMax;
            EventPage page = await _store.ReadAsync(_cursor, _subscriber.Types, limit, cancellationToken);
            if (page.Events.Count > 0)
            {
                found = true;
                await _subscriber.HandleAsync(page.Events, cancellationToken);
                await SaveAsync(page.Cursor, cancellationToken);
                _metrics.Delivered.Add(page.Events.Count, _tag);
            }
            else if (page.Cursor != _cursor && _time.GetElapsedTime(_savedAt) >= IdleSaveInterval)
            {
                await SaveAsync(page.Cursor, cancellationToken);
            }

            _cursor = page.Cursor;
            Recover();
            if (!page.MayHaveMore)
            {
                _metrics.SetLag(_subscriber.Name, 0);
                return found;
            }

            _metrics.SetLag(_subscriber.Name, await _store.LagAsync(_cursor, cancellationToken));
        }
    }

    private async Task SaveAsync(EventCursor cursor, CancellationToken cancellationToken)
    {
        await _store.SaveCursorAsync(_subscriber.Name, cursor, cancellationToken);
        _savedAt = _time.GetTimestamp();
    }

    private void Recover()
    {
        if (_failures > 0)
        {
            _log.SubscriberRecovered(_subscriber.Name, _failures);
            _failures = 0;
        }
    }

    private async Task BackOffAsync(Exception exception, CancellationToken cancellationToken)
    {
        _failures++;
        _metrics.Failures.Add(1, _tag);
        TimeSpan wait = BackoffOf(_failures, _options, Random.Shared.NextDouble());
        _log.SubscriberFailed(exception, _subscriber.Name, _failures, (long)wait.TotalMilliseconds);
        try
        {
            if (_cursor is not null)
            {
                _metrics.SetLag(_subscriber.Name, await _store.LagAsync(_cursor, cancellationToken));
            }
        }
        catch (Exception)
        {
            // The database itself may be what failed; the log has the cause.
        }

        await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
