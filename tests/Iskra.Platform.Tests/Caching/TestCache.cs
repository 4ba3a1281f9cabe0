using System.Diagnostics.Metrics;
using Iskra.Platform.Caching;
using Iskra.Platform.Redis;
using Iskra.Platform.Tenancy;
using Iskra.Platform.Tests.Redis;
using Iskra.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Iskra.Platform.Tests.Caching;

/// <summary>A cache as one process has it, with a source that counts how often it is read.</summary>
internal sealed class TestCache : IAsyncDisposable
{
    public static readonly TenantId Tenant = TenantId.Default;

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly TestRedis? _redis;
    private int _loads;

    private TestCache(CacheOptions options, TimeProvider time, TestRedis? redis)
    {
        _redis = redis;
        Metrics = new CacheMetrics(_services.GetRequiredService<IMeterFactory>());
        RedisCacheBus? bus = redis is null ? null : new RedisCacheBus(redis.Client, Metrics);
        Cache = new Cache(options, Metrics, time, NullLogger.Instance, redis?.Client, bus);
    }

    public Cache Cache { get; }

    public CacheMetrics Metrics { get; }

    public RedisClient Redis => _redis!.Client;

    /// <summary>How often the source was read.</summary>
    public int Loads => Volatile.Read(ref _loads);

    /// <summary>Without Redis.</summary>
    public static TestCache Local(TimeProvider? time = null, Action<CacheOptions>? configure = null)
    {
        CacheOptions options = new();
        configure?.Invoke(options);
        return new TestCache(options, time ?? TimeProvider.System, null);
    }

    /// <summary>With a client of its own; caches of one prefix are replicas of one installation.</summary>
    public static async Task<TestCache> SharedAsync(
        RedisServer server, string prefix, Action<CacheOptions>? configure = null, Action<RedisOptions>? redis = null)
    {
        return await SharedAsync(server.Address.ToString(), prefix, configure, redis);
    }

    /// <summary>As above, by URL.</summary>
    public static async Task<TestCache> SharedAsync(
        string url, string prefix, Action<CacheOptions>? configure = null, Action<RedisOptions>? redis = null)
    {
        CacheOptions options = new() { LeaseWait = TimeSpan.FromSeconds(20), LeaseTime = TimeSpan.FromSeconds(60) };
        configure?.Invoke(options);
        TestRedis client = TestRedis.Start(url, o =>
        {
            o.Prefix = prefix;
            redis?.Invoke(o);
        });
        TestCache cache = new(options, TimeProvider.System, client);
        await TestRedis.UntilAsync(() => cache.Cache.AreEventsUp);
        return cache;
    }

    /// <summary>Reads through the cache; the source says what <paramref name="source"/> says, at once.</summary>
    public ValueTask<Note?> GetAsync(CacheKind<Note> kind, string id, Func<Note?> source, params string[] tags) =>
        GetAsync(kind, id, () => Task.FromResult(source()), tags);

    /// <summary>As above, in its time.</summary>
    public ValueTask<Note?> GetAsync(CacheKind<Note> kind, string id, Func<Task<Note?>> source, params string[] tags) =>
        Cache.GetOrLoadAsync(kind, kind.Key(Tenant, id), source, LoadAsync, tags);

    public async ValueTask DisposeAsync()
    {
        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }

        await _services.DisposeAsync();
    }

    private Task<Note?> LoadAsync(Func<Task<Note?>> source, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _loads);
        return source();
    }

    /// <summary>A cached value.</summary>
    internal sealed record Note(string Text);
}
