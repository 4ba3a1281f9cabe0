namespace Iskra.Platform.Caching;

/// <summary>
/// Invalidations that Redis has not confirmed: those that failed are kept until they succeed, and until then the keys that they name are
/// not read from Redis. Bounded: beyond the limit whole kinds stand for their keys. Thread-safe.
/// </summary>
internal sealed class UnsentInvalidations(int max)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, string[]> _underWay = [];
    private readonly HashSet<string> _failed = new(StringComparer.Ordinal);
    private long _lastBatch;
    private int _count;

    /// <summary>Those that failed and wait.</summary>
    public int Count => Volatile.Read(ref _count);

    public long Begin(string[] wires)
    {
        lock (_gate)
        {
            _underWay.Add(++_lastBatch, wires);
            return _lastBatch;
        }
    }

    public void Confirm(long batch)
    {
        lock (_gate)
        {
            _underWay.Remove(batch);
        }
    }

    /// <summary>False when the limit was hit, and kinds now stand for keys.</summary>
    public bool Fail(long batch, IEnumerable<string> kinds)
    {
        lock (_gate)
        {
            return !_underWay.Remove(batch, out string[]? wires) || Keep(wires, kinds);
        }
    }

    /// <summary>The connection is gone: nothing under way is certain.</summary>
    public bool FailAll(IEnumerable<string> kinds)
    {
        lock (_gate)
        {
            string[] wires = [.. _underWay.Values.SelectMany(wires => wires)];
            _underWay.Clear();
            return Keep(wires, kinds);
        }
    }

    /// <summary>Those that failed, to be sent again.</summary>
    public string[] Snapshot()
    {
        lock (_gate)
        {
            return [.. _failed];
        }
    }

    public void Sent(string[] wires)
    {
        lock (_gate)
        {
            _failed.ExceptWith(wires);
            Volatile.Write(ref _count, _failed.Count);
        }
    }

    /// <summary>Whether Redis may hold a stale value of the key.</summary>
    public bool Covers(string keyWire, string kindWire, string[] tags)
    {
        if (Count == 0)
        {
            return false;
        }

        lock (_gate)
        {
            return _failed.Contains(keyWire) || _failed.Contains(kindWire) || Array.Exists(tags, _failed.Contains);
        }
    }

    private bool Keep(string[] wires, IEnumerable<string> kinds)
    {
        _failed.UnionWith(wires);
        bool fits = _failed.Count <= max;
        if (!fits)
        {
            // What a tag covers is not known here, so it could be of any kind.
            _failed.Clear();
            _failed.UnionWith(kinds);
        }

        Volatile.Write(ref _count, _failed.Count);
        return fits;
    }
}
