using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace Iskra.Platform.Events;

/// <summary>
/// Carries the outbox to the broker, in one process of the installation at a time: reads from its own cursor, publishes, and moves the
/// cursor when all is confirmed. Writers never wait for it; while the broker is away events stay in the outbox.
/// </summary>
internal sealed class OutboxPublisher : BackgroundService
{
    private readonly EventServices _services;
    private readonly EventsOptions _options;
    private readonly BrokerConnection _broker;
    private readonly IReadOnlyList<IEventSubscriber> _subscribers;
    private readonly ILogger<OutboxPublisher> _log;
    private long _measuredAt;

    public OutboxPublisher(
        EventServices services, BrokerConnection broker, IEnumerable<IEventSubscriber> subscribers, ILogger<OutboxPublisher> log)
    {
        _subscribers = [.. subscribers.Where(subscriber => subscriber.Audience != EventAudience.EachProcess)];
        _services = services;
        _options = services.Options;
        _broker = broker;
        _log = log;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        if (_broker.IsConfigured)
        {
            await new CursorLease(_services.Cursors, _options, _services.Time, _log)
                .RunAsync(CursorStore.Publisher, EventStart.End, RunOwnedAsync, stoppingToken);
        }
    }

    private async Task RunOwnedAsync(long epoch, CancellationToken cancellationToken)
    {
        int failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            CursorRow row = await _services.Cursors.OpenAsync(CursorStore.Publisher, EventStart.End, cancellationToken);
            try
            {
                await using BrokerChannel held = await _broker.OpenChannelAsync(withConfirms: true, cancellationToken);
                IChannel channel = held.Channel;
                await _broker.Names.DeclareExchangesAsync(channel, cancellationToken);
                await BindAsync(cancellationToken);
                failures = 0;
                await PublishAsync(epoch, row.Cursor, channel, cancellationToken);
            }
            catch (Exception exception) when (exception is not LeaseLostException && !cancellationToken.IsCancellationRequested)
            {
                failures++;
                await MeasureAsync(row.Cursor, cancellationToken);
                await Task.Delay(await _broker.FailedAsync(exception, failures), _services.Time, cancellationToken);
            }
        }
    }

    private async Task BindAsync(CancellationToken cancellationToken)
    {
        foreach (IEventSubscriber subscriber in _subscribers)
        {
            try
            {
                await new QueueDeclaration(_broker, subscriber, _options, _log).BindAsync(cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // One subscriber's queue that doesn't answer must not keep events from the others.
                _log.QueueNotBound(subscriber.Name, exception.GetType().Name);
            }
        }
    }

    private async Task PublishAsync(long epoch, EventCursor cursor, IChannel channel, CancellationToken cancellationToken)
    {
        ConfirmBatch batch = new(channel, _broker.Names.Exchange);
        while (true)
        {
            Task signal = _services.Signal.Next;
            EventPage page;
            do
            {
                page = await _services.Outbox.ReadAsync(cursor, null, _options.BrokerPublishMax, cancellationToken);
                if (page.Events.Count > 0)
                {
                    _services.Metrics.Published.Add(page.Events.Count);
                    await batch.PublishAsync(page.Events, _options.BrokerConfirmTimeout, _services.Time, cancellationToken);
                    _services.Metrics.Confirmed.Add(page.Events.Count);
                    await _services.Cursors.SaveAsync(
                        CursorStore.Publisher, epoch, page.Cursor, throughBroker: false, cancellationToken);
                }

                cursor = page.Cursor;
                await MeasureAsync(cursor, cancellationToken, isBehind: page.MayHaveMore);
            }
            while (page.MayHaveMore);

            if (!channel.IsOpen)
            {
                throw new IOException("The channel was closed.");
            }

            await WaitAsync(signal, cancellationToken);
        }
    }

    private async Task WaitAsync(Task signal, CancellationToken cancellationToken)
    {
        try
        {
#pragma warning disable VSTHRD003 // Completed by whoever commits, on no particular thread.
            await signal.WaitAsync(_options.BrokerPollInterval, _services.Time, cancellationToken);
#pragma warning restore VSTHRD003
        }
        catch (TimeoutException)
        {
            // Other processes append as well, and don't signal here.
        }
    }

    private async Task MeasureAsync(EventCursor cursor, CancellationToken cancellationToken, bool isBehind = true)
    {
        // Counting what waits costs as much as there is: not with each batch.
        if (isBehind && _services.Time.GetElapsedTime(_measuredAt) < _options.PollInterval)
        {
            return;
        }

        _measuredAt = _services.Time.GetTimestamp();
        try
        {
            _services.Metrics.SetLag(CursorStore.Publisher, isBehind ? await _services.Outbox.LagAsync(cursor, cancellationToken) : 0);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The database itself may be what failed.
        }
    }
}
