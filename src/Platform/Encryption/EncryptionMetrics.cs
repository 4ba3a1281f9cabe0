using System.Diagnostics.Metrics;

namespace Iskra.Platform.Encryption;

/// <summary>Instruments of encryption.</summary>
public sealed class EncryptionMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Iskra.Encryption";

    private readonly Meter _meter;
    private readonly Counter<long> _evicted;
    private readonly Counter<long> _unwrapped;
    private readonly Counter<long> _rewrapped;
    private readonly Counter<long> _destroyed;

    public EncryptionMetrics(IMeterFactory factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        _meter = factory.Create(MeterName);
        _evicted = _meter.CreateCounter<long>("iskra.encryption.cache.evicted", "{key}", "Keys zeroed early: the cache was full.");
        _unwrapped = _meter.CreateCounter<long>("iskra.encryption.keys.unwrapped", "{key}", "Data keys unwrapped: cache misses.");
        _rewrapped = _meter.CreateCounter<long>("iskra.encryption.keys.rewrapped", "{key}", "Keys wrapped anew by a rotation.");
        _destroyed = _meter.CreateCounter<long>("iskra.encryption.subjects.destroyed", "{subject}", "Subjects whose keys were destroyed.");
    }

    internal void ObserveCache(Func<int> count, int limit)
    {
        _meter.CreateObservableGauge("iskra.encryption.cache.keys", count, "{key}", "Unwrapped keys kept in memory.");
        _meter.CreateObservableGauge("iskra.encryption.cache.limit", () => limit, "{key}", "Unwrapped keys kept, at most.");
    }

    internal void Evicted() => _evicted.Add(1);

    internal void Unwrapped() => _unwrapped.Add(1);

    internal void Rewrapped(int keys) => _rewrapped.Add(keys);

    internal void Destroyed() => _destroyed.Add(1);
}
