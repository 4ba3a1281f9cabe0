using System.Collections.Concurrent;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Encryption;

/// <summary>
/// Unwrapped data keys: bounded, each for a limited time whatever its use, zeroed when it leaves. Thread-safe.
/// </summary>
internal sealed class DataKeyCache : IDisposable
{
    private readonly ConcurrentDictionary<long, DataKey> _byId = new();
    private readonly ConcurrentDictionary<(int Tenant, string Subject), DataKey> _current = new();
    private readonly ConcurrentQueue<DataKey> _order = new();
    private readonly int _keysMax;
    private readonly long _life;
    private readonly TimeProvider _time;
    private readonly EncryptionMetrics _metrics;
    private readonly ITimer _sweeper;
    private long _generation;

    public DataKeyCache(IOptions<EncryptionOptions> options, TimeProvider time, EncryptionMetrics metrics)
    {
        _keysMax = options.Value.CacheKeysMax;
        _life = (long)(options.Value.CacheTime.TotalSeconds * time.TimestampFrequency);
        _time = time;
        _metrics = metrics;
        _sweeper = time.CreateTimer(_ => Sweep(), null, options.Value.CacheTime, options.Value.CacheTime);
        metrics.ObserveCache(() => _byId.Count, _keysMax);
    }

    public int Count => _byId.Count;

    /// <summary>Grows with every destroyed subject: a key that was read before that must not come back.</summary>
    public long Generation => Interlocked.Read(ref _generation);

    /// <summary>The key that seals for a subject.</summary>
    public DataKey? FindCurrent(TenantId tenant, string subject) =>
        _current.TryGetValue((tenant.Value, subject), out DataKey? key) && IsFresh(key) ? key : null;

    public DataKey? Find(long id) => _byId.TryGetValue(id, out DataKey? key) && IsFresh(key) ? key : null;

    /// <summary>
    /// Keeps <paramref name="key"/>, unless a subject was destroyed since <paramref name="generation"/>; one with the same id that is there
    /// already is kept instead, and given back.
    /// </summary>
    public DataKey Add(DataKey key, bool isCurrent, long generation)
    {
        if (generation != Generation)
        {
            return key;
        }

        DataKey kept = _byId.GetOrAdd(key.Id, key);
        if (kept != key && IsFresh(kept))
        {
            key.Retire();
        }
        else if (kept != key)
        {
            _byId[key.Id] = key;
            kept.Retire();
            kept = key;
        }

        if (isCurrent)
        {
            _current[(kept.Tenant, kept.Subject)] = kept;
        }

        if (kept == key)
        {
            _order.Enqueue(key);
            EvictBeyondLimit();
        }

        return kept;
    }

    /// <summary>Zeroes all keys of a subject at once.</summary>
    public void Forget(TenantId tenant, string subject)
    {
        Interlocked.Increment(ref _generation);
        foreach (DataKey key in _byId.Values.Where(key => key.Tenant == tenant.Value && key.Subject == subject))
        {
            Remove(key);
        }
    }

    public void Dispose()
    {
        _sweeper.Dispose();
        foreach (DataKey key in _byId.Values)
        {
            Remove(key);
        }
    }

    private bool IsFresh(DataKey key)
    {
        long now = _time.GetTimestamp();
        if (now - key.LoadedAt > _life)
        {
            Remove(key);
            return false;
        }

        key.WasUsed = true;
        return true;
    }

    private void Sweep()
    {
        long now = _time.GetTimestamp();
        for (int i = _order.Count; i > 0 && _order.TryDequeue(out DataKey? key); i--)
        {
            if (now - key.LoadedAt > _life)
            {
                Remove(key);
            }
            else if (!key.IsRetired)
            {
                _order.Enqueue(key);
            }
        }
    }

    // "Clock" replacement: a key that was used since it was last looked at gets another round.
    private void EvictBeyondLimit()
    {
        for (int rounds = 2 * _order.Count; rounds > 0 && _byId.Count > _keysMax && _order.TryDequeue(out DataKey? key); rounds--)
        {
            if (key.WasUsed && !key.IsRetired)
            {
                key.WasUsed = false;
                _order.Enqueue(key);
            }
            else if (!key.IsRetired)
            {
                Remove(key);
                _metrics.Evicted();
            }
        }
    }

    private void Remove(DataKey key)
    {
        _byId.TryRemove(new KeyValuePair<long, DataKey>(key.Id, key));
        _current.TryRemove(new KeyValuePair<(int, string), DataKey>((key.Tenant, key.Subject), key));
        key.Retire();
    }
}
