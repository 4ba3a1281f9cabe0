using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Caching;

/// <summary>
/// Cache-aside with two levels: this process, and Redis when it is configured. One load for each key at a time, in this process and, by
/// leases, across replicas. Thread-safe. A value is never older than its kind's time to live; after <see cref="Invalidate(CacheKey)"/>
/// this process never returns what was read before it, and the others don't from a moment later on. Without Redis's answer it
/// works with what is left: no fault of the cache reaches the caller.
/// </summary>
public sealed class Cache
{
    private readonly CacheOptions _options;
    private readonly CacheMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LocalLevel _local;
    private readonly RedisLevel? _redis;
    private readonly ICacheBus? _bus;
    private readonly bool _isShared;
    private readonly ConcurrentDictionary<string, CacheKind> _kinds = new(StringComparer.Ordinal);
    private readonly string _origin = Guid.CreateVersion7().ToString("N");

    internal Cache(
        CacheOptions options,
        CacheMetrics metrics,
        TimeProvider time,
        ILogger logger,
        Redis.RedisClient? redis = null,
        ICacheBus? bus = null,
        bool isShared = false)
    {
        _options = options;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _bus = bus;
        _isShared = isShared || bus is not null;
        _local = new LocalLevel(options.EntriesMax, options.BytesMax, metrics);
        if (bus is not null)
        {
            bus.Changed += OnBusChanged;
            bus.Received += OnReceived;
        }

        if (redis is not null)
        {
            _redis = new RedisLevel(
                redis, options, metrics, time, logger, () => _kinds.Values.Select(RedisLevel.KindWire), Tell);
        }

        metrics.Observe(_local, options, () => _redis?.IsCircuitOpen ?? false, () => _redis?.Unsent ?? 0, () => AreEventsUp);
    }

    /// <summary>Whether an invalidation could not concern anything, here or elsewhere: a quick look before making keys.</summary>
    public bool HasNothingToInvalidate => !_isShared && _redis is null && _local.IsEmpty;

    /// <summary>Whether what other processes invalidate is heard here.</summary>
    internal bool AreEventsUp => !_isShared || (_bus?.IsUp ?? false);

    /// <summary>
    /// The value of a key, from the nearest level that has it, else from <paramref name="loader"/>, whose answer is kept. Null is a
    /// value: there is none. The load is shared with all who ask meanwhile, so it must not depend on the request; it goes on when its
    /// caller leaves.
    /// </summary>
    /// <param name="kind">The kind that made the key.</param>
    /// <param name="key">Which value.</param>
    /// <param name="state">Handed to the loader, so that it needs no closure.</param>
    /// <param name="loader">Reads the source, newest committed state; its exception reaches all who wait, and nothing is kept.</param>
    /// <param name="tags">By which the value can be invalidated with others of its tenant; always the same for one key.</param>
    /// <param name="cancellationToken">Ends the waiting, not the load.</param>
    /// <exception cref="ArgumentException">The key is of another kind, or a tag isn't allowed.</exception>
    public ValueTask<T?> GetOrLoadAsync<T, TState>(
        CacheKind<T> kind,
        CacheKey key,
        TState state,
        Func<TState, CancellationToken, Task<T?>> loader,
        IReadOnlyList<string>? tags = null,
        CancellationToken cancellationToken = default)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(loader);
        if (!ReferenceEquals(key.Kind, kind))
        {
            throw new ArgumentException("The key was made by another kind.", nameof(key));
        }

        if (!_options.Enabled)
        {
            _metrics.Loaded(kind);
            return new ValueTask<T?>(loader(state, cancellationToken));
        }

        if (_local.Find(key, _time.GetTimestamp()) is { } entry)
        {
            _metrics.HitLocal(kind);
            return new ValueTask<T?>((T?)entry.Value);
        }

        Register(kind);
        CacheLoad load = _local.Begin(key, TagWires(key.Tenant, tags), out bool isMine);
        if (isMine)
        {
            _ = RunAsync(load, kind, state, loader);
        }
        else
        {
            _metrics.Joined(kind);
        }

        return new ValueTask<T?>(WaitAsync<T>(load, cancellationToken));
    }

    /// <summary>Forgets a value everywhere. Call it after the change is durable and before its caller is answered.</summary>
    public void Invalidate(CacheKey key) => Invalidate([key]);

    /// <summary>As <see cref="Invalidate(CacheKey)"/>, for many at once. Doesn't wait for anything.</summary>
    public void Invalidate(params ReadOnlySpan<CacheKey> keys)
    {
        if (keys.IsEmpty)
        {
            return;
        }

        foreach (ref readonly CacheKey key in keys)
        {
            _local.Remove(key);
        }

        _metrics.Invalidated(keys.Length, isRemote: false);
        if (_isShared || _redis is not null)
        {
            string[] wires = new string[keys.Length];
            for (int index = 0; index < wires.Length; index++)
            {
                wires[index] = keys[index].ToWire();
            }

            Send(wires);
        }
    }

    /// <summary>Forgets every value of the tenant that was loaded with the tag.</summary>
    public void InvalidateTag(TenantId tenant, string tag)
    {
        string wire = TagWires(tenant.Value, [tag])[0];
        _local.RemoveTag(wire);
        _metrics.Invalidated(1, isRemote: false);
        Send([wire]);
    }

    /// <summary>Forgets every value of a kind, of all tenants: when it isn't known what changed.</summary>
    public void InvalidateKind(CacheKind kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        Register(kind);
        _local.Clear(kind);
        _metrics.Invalidated(1, isRemote: false);
        Send([RedisLevel.KindWire(kind)]);
    }

    private static string[] TagWires(int tenant, IReadOnlyList<string>? tags)
    {
        const int TagsMax = 8;
        if (tags is null || tags.Count == 0)
        {
            return [];
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(tags.Count, TagsMax, nameof(tags));
        foreach (string tag in tags)
        {
            ArgumentException.ThrowIfNullOrEmpty(tag, nameof(tags));
            CacheKey.CheckText(tag);
        }

        return [.. tags.Select(tag => string.Create(CultureInfo.InvariantCulture, $"t{tenant}:{tag}"))];
    }

    private static async Task<T?> WaitAsync<T>(CacheLoad load, CancellationToken cancellationToken)
        where T : class => (T?)await load.Result.WaitAsync(cancellationToken);

    private void Register(CacheKind kind)
    {
        if (!ReferenceEquals(_kinds.GetOrAdd(kind.Name, kind), kind))
        {
            throw new InvalidOperationException($"Two cache kinds are named '{kind.Name}'.");
        }
    }

    private async Task RunAsync<T, TState>(
        CacheLoad load, CacheKind<T> kind, TState state, Func<TState, CancellationToken, Task<T?>> loader)
        where T : class
    {
        RedisRead read = default;
        try
        {
            read = _redis is null ? default : await _redis.ReadAsync(load.Key, load.Tags);
            if (read.Status == RedisReadStatus.Found && CacheKind<T>.TryDecode(read.Payload.Span, out T? found))
            {
                _metrics.HitRedis(kind);
                load.Complete(found);
                _local.End(load, Entry(load, found, read.Payload.Length, read.Left));
                return;
            }

            _metrics.Missed(kind);
            _metrics.Loaded(kind);
            using CancellationTokenSource limit = new(_options.LoadTimeout, _time);
            T? value = await loader(state, limit.Token).WaitAsync(limit.Token);
            load.Complete(value);
            await KeepAsync(load, kind, value, read);
        }
        catch (Exception exception)
        {
            _metrics.LoadFailed(kind);
            _local.End(load, null);
            load.Fail(exception);
            if (read.Status == RedisReadStatus.Leased)
            {
                _redis!.Release(load.Key, read.Token);
            }
        }
    }

    /// <summary>The caller has its value already; what happens here delays nobody.</summary>
    private async Task KeepAsync<T>(CacheLoad load, CacheKind<T> kind, T? value, RedisRead read)
        where T : class
    {
        byte[] payload = CacheKind<T>.Encode(value);
        TimeSpan timeToLive = value is null ? kind.NegativeTimeToLive : kind.TimeToLive;
        bool isKept = timeToLive > TimeSpan.Zero && payload.Length <= _options.ValueBytesMax;
        if (payload.Length > _options.ValueBytesMax)
        {
            _metrics.TooLarge(kind);
        }

        timeToLive = Jittered(kind, timeToLive);
        bool isFresh = true;
        if (read.Status == RedisReadStatus.Leased)
        {
            if (isKept)
            {
                isFresh = await _redis!.WriteAsync(load.Key, read.Token, payload, timeToLive);
            }
            else
            {
                _redis!.Release(load.Key, read.Token);
            }
        }

        LocalEntry? entry = isKept && isFresh ? Entry(load, value, payload.Length, timeToLive) : null;
        if (!_local.End(load, entry) || !isFresh)
        {
            _metrics.Stale(kind);
        }
    }

    private LocalEntry? Entry(CacheLoad load, object? value, int size, TimeSpan timeToLive)
    {
        TimeSpan time = AreEventsUp || timeToLive < _options.LocalTimeWithoutEvents ? timeToLive : _options.LocalTimeWithoutEvents;
        long ends = _time.GetTimestamp() + (long)(time.TotalSeconds * _time.TimestampFrequency);
        return time > TimeSpan.Zero ? new LocalEntry(load.Key, value, size, ends, load.Tags) : null;
    }

    private static TimeSpan Jittered(CacheKind kind, TimeSpan time)
    {
#pragma warning disable CA5394 // Jitter needs no secrecy.
        return time * (1 - (kind.Jitter * Random.Shared.NextDouble()));
#pragma warning restore CA5394
    }

    private void Send(string[] wires)
    {
        if (_redis is not null)
        {
            _redis.Invalidate(wires);
        }
        else
        {
            Tell(wires);
        }
    }

    /// <summary>Tells other processes, in as few messages as the bus takes.</summary>
    private void Tell(string[] wires)
    {
        if (_bus is null)
        {
            return;
        }

        StringBuilder message = new(_origin);
        int bytes = _origin.Length;
        foreach (string wire in wires)
        {
            int more = Encoding.UTF8.GetByteCount(wire) + 1;
            if (bytes + more > _bus.MessageBytesMax)
            {
                _bus.Publish(message.ToString());
                message.Length = bytes = _origin.Length;
            }

            message.Append('\n').Append(wire);
            bytes += more;
        }

        _bus.Publish(message.ToString());
    }

    private void OnReceived(string message)
    {
        int keys = 0;
        bool isFirst = true;
        foreach (ReadOnlySpan<char> line in message.AsSpan().EnumerateLines())
        {
            if (isFirst)
            {
                if (line.SequenceEqual(_origin))
                {
                    return;
                }

                isFirst = false;
                continue;
            }

            keys++;
            Forget(line);
        }

        _metrics.Invalidated(keys, isRemote: true);
    }

    private void Forget(ReadOnlySpan<char> wire)
    {
        switch (wire)
        {
            case ['t', ..]:
                _local.RemoveTag(wire.ToString());
                break;
            case ['k', .. var name] when _kinds.TryGetValue(name.ToString(), out CacheKind? kind):
                _local.Clear(kind);
                break;
            case ['g' or 's', ..] when CacheKey.TryParse(wire, _kinds.GetValueOrDefault, out CacheKey key):
                _local.Remove(key);
                break;
        }
    }

    private void OnBusChanged(bool isUp)
    {
        // Messages may have been lost, whichever way it changed.
        _local.Clear(null);
        if (isUp)
        {
            Log.EventsUp(_logger);
        }
        else
        {
            Log.EventsDown(_logger, _options.LocalTimeWithoutEvents.TotalSeconds);
        }
    }
}
