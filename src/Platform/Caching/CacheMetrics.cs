using System.Diagnostics.Metrics;

namespace Iskra.Platform.Caching;

/// <summary>Instruments of the cache. Tags: <c>kind</c>, <c>level</c> (local, redis).</summary>
internal sealed class CacheMetrics
{
    public const string MeterName = "Iskra.Cache";

    private static readonly KeyValuePair<string, object?> Local = new("level", "local");
    private static readonly KeyValuePair<string, object?> Redis = new("level", "redis");

    private readonly Counter<long> _hits;
    private readonly Counter<long> _misses;
    private readonly Counter<long> _loads;
    private readonly Counter<long> _loadFailures;
    private readonly Counter<long> _joined;
    private readonly Counter<long> _stale;
    private readonly Counter<long> _evictions;
    private readonly Counter<long> _invalidations;
    private readonly Counter<long> _redisErrors;
    private readonly Counter<long> _overflows;
    private readonly Counter<long> _tooLarge;
    private readonly Counter<long> _busLost;

    public CacheMetrics(IMeterFactory factory)
    {
        Meter = factory.Create(MeterName);
        _hits = Meter.CreateCounter<long>("iskra.cache.hits", "{value}", "Values found, by kind and level.");
        _misses = Meter.CreateCounter<long>("iskra.cache.misses", "{value}", "Values found in no level, by kind.");
        _loads = Meter.CreateCounter<long>("iskra.cache.loads", "{load}", "Loads from the source, by kind.");
        _loadFailures = Meter.CreateCounter<long>("iskra.cache.load.failures", "{load}", "Loads that failed, by kind.");
        _joined = Meter.CreateCounter<long>("iskra.cache.joined", "{call}", "Calls that waited for another's load, by kind.");
        _stale = Meter.CreateCounter<long>("iskra.cache.stale", "{load}", "Loads not kept, because the value was invalidated meanwhile.");
        _evictions = Meter.CreateCounter<long>("iskra.cache.evictions", "{value}", "Values dropped for a limit: entries, bytes.");
        _invalidations = Meter.CreateCounter<long>("iskra.cache.invalidations", "{key}", "Keys and tags, by origin: here, remote.");
        _redisErrors = Meter.CreateCounter<long>("iskra.cache.redis.errors", "{command}", "Failures of the second level, by operation.");
        _overflows = Meter.CreateCounter<long>(
            "iskra.cache.unsent.overflows", "{time}", "Times that UnsentInvalidationsMax was hit and whole kinds were invalidated.");
        _tooLarge = Meter.CreateCounter<long>("iskra.cache.too_large", "{value}", "Values not kept, because of ValueBytesMax, by kind.");
        _busLost = Meter.CreateCounter<long>("iskra.cache.events.lost", "{message}", "Invalidations that could not be told to others.");
    }

    public Meter Meter { get; }

    public void HitLocal(CacheKind kind) => _hits.Add(1, Kind(kind), Local);

    public void HitRedis(CacheKind kind) => _hits.Add(1, Kind(kind), Redis);

    public void Missed(CacheKind kind) => _misses.Add(1, Kind(kind));

    public void Loaded(CacheKind kind) => _loads.Add(1, Kind(kind));

    public void LoadFailed(CacheKind kind) => _loadFailures.Add(1, Kind(kind));

    public void Joined(CacheKind kind) => _joined.Add(1, Kind(kind));

    public void Stale(CacheKind kind) => _stale.Add(1, Kind(kind));

    public void Evicted(bool byBytes) => _evictions.Add(1, new KeyValuePair<string, object?>("limit", byBytes ? "bytes" : "entries"));

    public void Invalidated(int keys, bool isRemote) =>
        _invalidations.Add(keys, new KeyValuePair<string, object?>("origin", isRemote ? "remote" : "here"));

    public void RedisFailed(string operation) => _redisErrors.Add(1, new KeyValuePair<string, object?>("operation", operation));

    public void UnsentOverflow() => _overflows.Add(1);

    public void TooLarge(CacheKind kind) => _tooLarge.Add(1, Kind(kind));

    public void EventsLost(int messages) => _busLost.Add(messages);

    public void Observe(LocalLevel local, CacheOptions options, Func<bool> isCircuitOpen, Func<int> unsent, Func<bool> isUp)
    {
        Meter.CreateObservableGauge("iskra.cache.entries", () => local.Count, "{value}", "Values in this process.");
        Meter.CreateObservableGauge("iskra.cache.entries.limit", () => options.EntriesMax, "{value}", "Values in this process, at most.");
        Meter.CreateObservableGauge("iskra.cache.size", () => local.Bytes, "By", "Bytes of values in this process.");
        Meter.CreateObservableGauge("iskra.cache.size.limit", () => options.BytesMax, "By", "Bytes of values in this process, at most.");
        Meter.CreateObservableGauge("iskra.cache.circuit.open", () => isCircuitOpen() ? 1 : 0, "1", "1 while Redis is left alone.");
        Meter.CreateObservableGauge("iskra.cache.unsent", unsent, "{key}", "Invalidations that wait for Redis.");
        Meter.CreateObservableGauge("iskra.cache.events.up", () => isUp() ? 1 : 0, "1", "1 while others' invalidations arrive.");
    }

    private static KeyValuePair<string, object?> Kind(CacheKind kind) => new("kind", kind.Name);
}
