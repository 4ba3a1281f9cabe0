using System.Collections.Concurrent;

namespace Iskra.Platform.Caching;

/// <summary>
/// The values in this process, bounded by number and bytes, and the loads that are under way. A value is looked up without a lock and
/// only marked; what is evicted is decided by SIEVE (Zhang et al., NSDI 2024): a hand goes from the oldest to the newest, spares what was
/// marked since it last came by, and takes the first that was not. Thread-safe.
/// </summary>
internal sealed class LocalLevel(int entriesMax, long bytesMax, CacheMetrics metrics)
{
    /// <summary>What an entry costs beside its payload, about.</summary>
    private const int EntryBytes = 256;

    private readonly ConcurrentDictionary<CacheKey, LocalEntry> _entries = new();
    private readonly Dictionary<CacheKey, CacheLoad> _loads = [];
    private readonly Dictionary<string, HashSet<CacheKey>> _tagged = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private LocalEntry? _newest;
    private LocalEntry? _oldest;
    private LocalEntry? _hand;
    private int _count;
    private int _loadCount;
    private long _bytes;

    public int Count => Volatile.Read(ref _count);

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Whether it holds or awaits nothing at all: then there is nothing to invalidate.</summary>
    public bool IsEmpty => Volatile.Read(ref _loadCount) == 0 && Volatile.Read(ref _count) == 0;

    /// <summary>Null when there is none, or when it is past its time.</summary>
    public LocalEntry? Find(in CacheKey key, long now)
    {
        if (!_entries.TryGetValue(key, out LocalEntry? entry) || entry.ExpiresAt <= now)
        {
            return null;
        }

        if (!entry.IsMarked)
        {
            entry.IsMarked = true;
        }

        return entry;
    }

    /// <summary>The load that is under way, or the caller's own new one, which it must run and <see cref="End"/>.</summary>
    public CacheLoad Begin(in CacheKey key, string[] tags, out bool isMine)
    {
        lock (_gate)
        {
            isMine = !_loads.TryGetValue(key, out CacheLoad? load);
            if (isMine)
            {
                _loads.Add(key, load = new CacheLoad(key, tags));
                Volatile.Write(ref _loadCount, _loads.Count);
            }

            return load!;
        }
    }

    /// <summary>Ends a load, and keeps its value unless it was invalidated since it began; false then.</summary>
    /// <param name="load">From <see cref="Begin"/>.</param>
    /// <param name="entry">What to keep; null for nothing.</param>
    public bool End(CacheLoad load, LocalEntry? entry)
    {
        lock (_gate)
        {
            if (!load.IsStale && entry is not null)
            {
                Add(entry);
            }

            // Only now, so that who looks without the lock sees the load or the entry.
            if (_loads.TryGetValue(load.Key, out CacheLoad? current) && ReferenceEquals(current, load))
            {
                _loads.Remove(load.Key);
                Volatile.Write(ref _loadCount, _loads.Count);
            }

            return !load.IsStale;
        }
    }

    /// <summary>Forgets a value, and keeps a load that is under way from storing what it read before.</summary>
    public void Remove(in CacheKey key)
    {
        // A load that begins after this look reads after the change that is being told here.
        if (Volatile.Read(ref _loadCount) == 0 && !_entries.ContainsKey(key))
        {
            return;
        }

        lock (_gate)
        {
            if (_entries.TryGetValue(key, out LocalEntry? entry))
            {
                Unlink(entry);
            }

            if (_loads.Remove(key, out CacheLoad? load))
            {
                load.IsStale = true;
                Volatile.Write(ref _loadCount, _loads.Count);
            }
        }
    }

    /// <summary>As <see cref="Remove"/> for all that carry the tag.</summary>
    public void RemoveTag(string tag) => RemoveWhere(
        _ => false, tags => Array.IndexOf(tags, tag) >= 0, () => _tagged.TryGetValue(tag, out HashSet<CacheKey>? keys) ? [.. keys] : []);

    /// <summary>As <see cref="Remove"/> for all of a kind; for all kinds when it is null.</summary>
    public void Clear(CacheKind? kind) => RemoveWhere(
        key => kind is null || ReferenceEquals(key.Kind, kind),
        _ => false,
        () => [.. _entries.Keys.Where(key => kind is null || ReferenceEquals(key.Kind, kind))]);

    private void RemoveWhere(Func<CacheKey, bool> isLoad, Func<string[], bool> isTagged, Func<List<CacheKey>> find)
    {
        lock (_gate)
        {
            foreach (CacheKey key in find())
            {
                if (_entries.TryGetValue(key, out LocalEntry? entry))
                {
                    Unlink(entry);
                }
            }

            foreach (CacheLoad load in _loads.Values.Where(load => isLoad(load.Key) || isTagged(load.Tags)).ToArray())
            {
                load.IsStale = true;
                _loads.Remove(load.Key);
            }

            Volatile.Write(ref _loadCount, _loads.Count);
        }
    }

    private void Add(LocalEntry entry)
    {
        if (_entries.TryGetValue(entry.Key, out LocalEntry? former))
        {
            Unlink(former);
        }

        long size = entry.Size + EntryBytes;
        if (size > bytesMax)
        {
            metrics.Evicted(byBytes: true);
            return;
        }

        while (_count >= entriesMax || _bytes + size > bytesMax)
        {
            metrics.Evicted(byBytes: _count < entriesMax);
            Unlink(Victim());
        }

        entry.Older = _newest;
        if (_newest is not null)
        {
            _newest.Newer = entry;
        }

        _newest = entry;
        _oldest ??= entry;
        _entries[entry.Key] = entry;
        foreach (string tag in entry.Tags)
        {
            if (!_tagged.TryGetValue(tag, out HashSet<CacheKey>? keys))
            {
                _tagged.Add(tag, keys = []);
            }

            keys.Add(entry.Key);
        }

        Volatile.Write(ref _count, _count + 1);
        Volatile.Write(ref _bytes, _bytes + size);
    }

    private LocalEntry Victim()
    {
        LocalEntry candidate = _hand ?? _oldest!;
        while (candidate.IsMarked)
        {
            candidate.IsMarked = false;
            candidate = candidate.Newer ?? _oldest!;
        }

        _hand = candidate;
        return candidate;
    }

    private void Unlink(LocalEntry entry)
    {
        if (ReferenceEquals(_hand, entry))
        {
            _hand = entry.Newer;
        }

        if (entry.Older is null)
        {
            _oldest = entry.Newer;
        }
        else
        {
            entry.Older.Newer = entry.Newer;
        }

        if (entry.Newer is null)
        {
            _newest = entry.Older;
        }
        else
        {
            entry.Newer.Older = entry.Older;
        }

        _entries.TryRemove(entry.Key, out _);
        foreach (string tag in entry.Tags)
        {
            if (_tagged.TryGetValue(tag, out HashSet<CacheKey>? keys) && keys.Remove(entry.Key) && keys.Count == 0)
            {
                _tagged.Remove(tag);
            }
        }

        Volatile.Write(ref _count, _count - 1);
        Volatile.Write(ref _bytes, _bytes - entry.Size - EntryBytes);
    }
}
