using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Iskra.Platform.Events;

/// <summary>What goes through the outbox, and how far subscribers are behind.</summary>
internal sealed class EventsMetrics
{
    public const string MeterName = "Iskra.Events";

    private readonly ConcurrentDictionary<string, long> _lag = new(StringComparer.Ordinal);
    private Func<bool>? _brokerConnected;

    public EventsMetrics(IMeterFactory meterFactory)
    {
        Meter meter = meterFactory.Create(MeterName);
        Appended = meter.CreateCounter<long>("iskra.events.appended", "{event}", "Events appended to the outbox, committed or not.");
        Delivered = meter.CreateCounter<long>("iskra.events.delivered", "{event}", "Events that a subscriber handled.");
        Failures = meter.CreateCounter<long>("iskra.events.failures", "{failure}", "Attempts that a subscriber failed at.");
        Deleted = meter.CreateCounter<long>("iskra.events.deleted", "{event}", "Delivered events deleted after their retention.");
        Expired = meter.CreateCounter<long>(
            "iskra.events.expired", "{event}", "Events deleted although a subscriber had not had them: the undelivered retention was hit.");
        Dead = meter.CreateCounter<long>(
            "iskra.events.dead", "{event}", "Events that failed too often: parked for an operator, or skipped by a view of one process.");
        ParkedBehind = meter.CreateCounter<long>(
            "iskra.events.parked_behind", "{event}", "Events parked behind a failed one of their key.");
        ParkingRefused = meter.CreateCounter<long>(
            "iskra.events.parking_refused", "{event}", "Times that an event was not parked because too many keys are: the limit was hit.");
        Duplicates = meter.CreateCounter<long>(
            "iskra.events.duplicates", "{event}", "Events that the inbox knew already and kept from the subscriber.");
        Published = meter.CreateCounter<long>("iskra.events.published", "{event}", "Events sent to the broker.");
        Confirmed = meter.CreateCounter<long>("iskra.events.confirmed", "{event}", "Events that the broker has confirmed.");
        Redelivered = meter.CreateCounter<long>("iskra.events.redelivered", "{event}", "Events that the broker delivered again.");
        Unreadable = meter.CreateCounter<long>(
            "iskra.events.unreadable", "{message}", "Messages that are no events, sent to the dead-letter queue.");
        BrokerFailures = meter.CreateCounter<long>(
            "iskra.events.broker.failures", "{failure}", "Connections and channels to the broker that could not be opened or broke.");
        meter.CreateObservableGauge(
            "iskra.events.broker.connected",
            () => _brokerConnected is { } connected ? [new Measurement<int>(connected() ? 1 : 0)] : (IEnumerable<Measurement<int>>)[],
            "{connection}",
            "1 while the broker is connected; absent without a broker.");
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

    public Counter<long> Dead { get; }

    public Counter<long> ParkedBehind { get; }

    public Counter<long> ParkingRefused { get; }

    public Counter<long> Duplicates { get; }

    public Counter<long> Published { get; }

    public Counter<long> Confirmed { get; }

    public Counter<long> Redelivered { get; }

    public Counter<long> Unreadable { get; }

    public Counter<long> BrokerFailures { get; }

    public void ObserveBroker(Func<bool> isConnected) => _brokerConnected = isConnected;

    public void SetLag(string subscriber, long events) => _lag[subscriber] = Math.Max(0, events);

    public long LagOf(string subscriber) => _lag.GetValueOrDefault(subscriber);
}
