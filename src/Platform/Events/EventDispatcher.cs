using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Events;

/// <summary>Runs one loop per subscriber: a slow or failing one holds up nobody else.</summary>
internal sealed class EventDispatcher : BackgroundService
{
    private readonly IReadOnlyList<IEventSubscriber> _subscribers;
    private readonly EventServices _services;
    private readonly BrokerConnection? _broker;
    private readonly ILogger<EventDispatcher> _log;

    public EventDispatcher(
        IEnumerable<IEventSubscriber> subscribers, EventServices services, BrokerConnection broker, ILogger<EventDispatcher> log)
    {
        _subscribers = [.. subscribers];
        _services = services;
        _broker = broker.IsConfigured ? broker : null;
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
        await Task.WhenAll(_subscribers.Select(subscriber => subscriber.Audience == EventAudience.EachProcess
            ? new ProcessLoop(subscriber, _services, _log).RunAsync(stoppingToken)
            : new SubscriberLoop(subscriber, _services, _broker, _log).RunAsync(stoppingToken)));
    }
}
