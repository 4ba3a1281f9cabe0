using System.Diagnostics.Metrics;

namespace Iskra.Platform.Limits;

/// <summary>Instruments of the rate limits.</summary>
internal sealed class RateLimitMetrics
{
    public const string MeterName = "Iskra.Limits";

    private readonly Meter _meter;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _fallbacks;
    private readonly Counter<long> _evicted;

    public RateLimitMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(MeterName);
        _refused = _meter.CreateCounter<long>("iskra.limits.refused", "{request}", "Requests refused, by the limit that refused.");
        _fallbacks = _meter.CreateCounter<long>(
            "iskra.limits.fallbacks", "{request}", "Requests counted in this process alone, because Redis didn't answer.");
        _evicted = _meter.CreateCounter<long>(
            "iskra.limits.partitions.evicted", "{caller}", "Callers forgotten because of PartitionsMax; idle: with nothing used.");
    }

    public Meter Meter => _meter;

    public void Refused(string policy) => _refused.Add(1, new KeyValuePair<string, object?>("policy", policy));

    public void FellBack() => _fallbacks.Add(1);

    public void Evicted(bool isIdle) => _evicted.Add(1, new KeyValuePair<string, object?>("idle", isIdle));

    public void Observe(LocalRateLimiter local, int partitionsMax, Func<bool> isCircuitOpen)
    {
        _meter.CreateObservableGauge("iskra.limits.partitions", () => local.Count, "{caller}", "Callers counted in this process.");
        _meter.CreateObservableGauge("iskra.limits.partitions.limit", () => partitionsMax, "{caller}", "Callers counted, at most.");
        _meter.CreateObservableGauge("iskra.limits.circuit.open", () => isCircuitOpen() ? 1 : 0, "1", "1 while Redis is left alone.");
    }
}
