using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Events;

/// <summary>
/// Runs a subscriber that every process has (<see cref="EventAudience.EachProcess"/>): from the outbox, with a cursor in memory that
/// nothing else sees.
/// </summary>
internal sealed class ProcessLoop
{
    private readonly IEventSubscriber _subscriber;
    private readonly EventServices _services;
    private readonly EventsOptions _options;
    private readonly ILogger _log;
    private readonly KeyValuePair<string, object?> _tag;
    private EventCursor? _cursor;
    private int _failures;

    public ProcessLoop(IEventSubscriber subscriber, EventServices services, ILogger log)
    {
        _subscriber = subscriber;
        _services = services;
        _options = services.Options;
        _log = log;
        _tag = new KeyValuePair<string, object?>("subscriber", subscriber.Name);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            Task signal = _services.Signal.Next;
            try
            {
                await DrainAsync(cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                _failures++;
                _services.Metrics.Failures.Add(1, _tag);
                TimeSpan wait = SubscriberLoop.BackoffOf(_failures, _options, Random.Shared.NextDouble());
                _log.DeliveryFailed(exception, _subscriber.Name, _failures, (long)wait.TotalMilliseconds);
                await Task.Delay(wait, _services.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await EventWait.ForAsync(signal, _options, _services.Time, cancellationToken);
        }
    }

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        if (_cursor is null)
        {
            await _services.Cursors.ForgetAsync(_subscriber.Name, cancellationToken);
            _cursor = _subscriber.StartAt == EventStart.Beginning
                ? EventCursor.Beginning
                : await _services.Outbox.EndAsync(cancellationToken);
        }

        EventPage page;
        do
        {
            // One at a time after a failure, so that one event alone is skipped when it goes on failing.
            int limit = _failures > 0 ? 1 : _options.BatchMax;
            page = await _services.Outbox.ReadAsync(_cursor, _subscriber.Types, limit, cancellationToken);
            if (page.Events.Count > 0 && _failures >= _options.FailuresMax)
            {
                _services.Metrics.Dead.Add(1, _tag);
                _log.EventSkipped(_subscriber.Name, page.Events[0].Id, page.Events[0].Type, _failures);
            }
            else if (page.Events.Count > 0)
            {
                await _subscriber.HandleAsync(page.Events, cancellationToken);
                _services.Metrics.Delivered.Add(page.Events.Count, _tag);
            }

            _cursor = page.Cursor;
            _failures = 0;
        }
        while (page.MayHaveMore);
    }
}
