using System.Diagnostics.Metrics;

namespace Iskra.Platform.Sagas;

/// <summary>What sagas do.</summary>
internal sealed class SagasMetrics
{
    public const string MeterName = "Iskra.Sagas";

    private int _active;

    public SagasMetrics(IMeterFactory meterFactory)
    {
        Meter meter = meterFactory.Create(MeterName);
        Started = meter.CreateCounter<long>("iskra.sagas.started", "{saga}", "Sagas started, committed or not.");
        Ended = meter.CreateCounter<long>("iskra.sagas.ended", "{saga}", "Sagas completed, compensated or parked.");
        Failures = meter.CreateCounter<long>("iskra.sagas.failures", "{failure}", "Attempts at steps and compensations that failed.");
        Lost = meter.CreateCounter<long>("iskra.sagas.lost", "{saga}", "Sagas that another process took over while this one drove them.");
        Saturated = meter.CreateCounter<long>(
            "iskra.sagas.saturated", "{time}", "Times that no further saga was taken because as many as allowed are driven: the limit.");
        meter.CreateObservableGauge(
            "iskra.sagas.active", () => Volatile.Read(ref _active), "{saga}", "Sagas that this process drives now.");
    }

    public Counter<long> Started { get; }

    public Counter<long> Ended { get; }

    public Counter<long> Failures { get; }

    public Counter<long> Lost { get; }

    public Counter<long> Saturated { get; }

    public static KeyValuePair<string, object?> Tag(SagaRow row) => new("saga", row.Name);

    public void SetActive(int sagas) => Volatile.Write(ref _active, sagas);
}
