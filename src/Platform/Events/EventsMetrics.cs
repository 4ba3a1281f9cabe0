using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Iskra.Platform.Events;

/// <summary>What goes through the outbox, and how far subscribers are behind.</summary>
internal sealed class EventsMetrics
{
    public const string MeterName = "Iskra.Events";

    private readonly ConcurrentDictionary<string, long> _lag = new(StringComparer.Ordinal);

    public EventsMetrics(IMeterFactory meterFactory)
    {
        Meter meter = meterFactory.Create(MeterName);
        Appended = meter.CreateCounter<long>("iskra.events.appended", "{event}", "Events appended to the outbox, committed or not.");
        Delivered = meter.CreateCounter<long>("iskra.events.delivered", "{event}", "Events that a subscriber handled.");
        Failures = meter.CreateCounter<long>("iskra.events.failures", "{failure}", "Batches that a subscriber failed to handle.");
        Deleted = meter.CreateCounter<long>("iskra.events.deleted", "{event}", "Delivered events deleted after their retention.");
        Expired = meter.CreateCounter<long>(
            "iskra.events.expired", "{event}", "Events deleted although a subscriber had not had them: the undelivered retention was hit.");
        meter.CreateObservableGauge(
            "iskra.events.lag",
            () => _lag.Select(pair => new Measurement<long>(pair.Value, new KeyValuePair<string, object?>("subscriber", pair.Key))),
            "{event}",
            "Events that a subscriber has not had, when it last looked.");
    }

    public Counter<long> Appended { get; }

    public Counter<long> Delivered { get; }

    public Counter<long> Failures { get; }

    public Counter<long> Deleted { get; }

    public Counter<long> Expired { get; }

    public void SetLag(string subscriber, long events) => _lag[subscriber] = Math.Max(0, events);

    public long LagOf(string subscriber) => _lag.GetValueOrDefault(subscriber);
}
