using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Events;

/// <summary>Runs one loop per subscriber: a slow or failing one holds up nobody else.</summary>
internal sealed class EventDispatcher : BackgroundService
{
    private readonly IReadOnlyList<IEventSubscriber> _subscribers;
    private readonly OutboxStore _store;
    private readonly EventSignal _signal;
    private readonly EventsOptions _options;
    private readonly EventsMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<EventDispatcher> _log;

    public EventDispatcher(
        IEnumerable<IEventSubscriber> subscribers,
        OutboxStore store,
        EventSignal signal,
        IOptions<EventsOptions> options,
        EventsMetrics metrics,
        TimeProvider time,
        ILogger<EventDispatcher> log)
    {
        _subscribers = [.. subscribers];
        _store = store;
        _signal = signal;
        _options = options.Value;
        _metrics = metrics;
        _time = time;
        _log = log;
        if (_subscribers.GroupBy(subscriber => subscriber.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new InvalidOperationException($"Two event subscribers are named '{twice.Key}': they would share one cursor.");
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Off the start-up path.
        await Task.Yield();
        await RepairAsync(stoppingToken);
        await Task.WhenAll(_subscribers.Select(subscriber =>
            new SubscriberLoop(subscriber, _store, _signal, _options, _metrics, _time, _log).RunAsync(stoppingToken)));
    }

    private async Task RepairAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_subscribers.Count > 0 && await _store.RepairAfterRestoreAsync(cancellationToken))
            {
                _log.RestoredFromDump();
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The database is away for now; the loops report and repeat.
            _log.RetentionFailed(exception);
        }
    }
}
