namespace Iskra.Modules.Cards.Ledger;

/// <summary>
/// The newest transfer ids in memory, so that a fresh id costs no look-up in the store. It is decisive for ids above
/// <see cref="Floor"/>: what is not here was never written. UUIDv7 ids are nearly always above it; others fall back to the index.
/// Not thread-safe: the posting writer's.
/// </summary>
internal sealed class RecentIds
{
    private readonly UInt128[] _ring;
    private readonly Dictionary<UInt128, long> _sequences;
    private long _added;
    private int _count;

    public RecentIds(int capacity)
    {
        _ring = new UInt128[capacity];
        _sequences = new Dictionary<UInt128, long>(capacity);
    }

    /// <summary>The largest id that may be in the store without being here.</summary>
    public UInt128 Floor { get; private set; }

    public void Reset(UInt128 floor)
    {
        _sequences.Clear();
        _added = 0;
        _count = 0;
        Floor = floor;
    }

    public bool TryGetSequence(UInt128 id, out long sequence) => _sequences.TryGetValue(id, out sequence);

    /// <summary>Whether only the store can tell if the id was written.</summary>
    public bool NeedsLookup(UInt128 id) => id <= Floor && !_sequences.ContainsKey(id);

    public void Add(UInt128 id, long sequence)
    {
        int slot = (int)(_added % _ring.Length);
        if (_count == _ring.Length)
        {
            UInt128 oldest = _ring[slot];
            _sequences.Remove(oldest);
            Floor = UInt128.Max(Floor, oldest);
            _count--;
        }

        _ring[slot] = id;
        _sequences[id] = sequence;
        _added++;
        _count++;
    }

    /// <summary>Takes the newest id back: its chain was refused.</summary>
    public void RemoveNewest()
    {
        if (_count == 0)
        {
            throw new InvalidOperationException("There is no id to take back.");
        }

        _added--;
        _count--;
        _sequences.Remove(_ring[(int)(_added % _ring.Length)]);
    }
}
