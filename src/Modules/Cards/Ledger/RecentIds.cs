using System.Runtime.InteropServices;
using Iskra.Platform.Tenancy;

namespace Iskra.Modules.Cards.Ledger;

/// <summary>
/// The newest transfer ids in memory, so that a fresh id costs no look-up in the store. It is decisive for ids above their tenant's floor:
/// what is not here was never written. UUIDv7 ids are nearly always above it; others fall back to the index. Each tenant has a floor of its
/// own, so that one that sends random ids slows only itself. Not thread-safe: the posting writer's.
/// </summary>
internal sealed class RecentIds
{
    private readonly LedgerId[] _ring;
    private readonly Dictionary<LedgerId, long> _sequences;

    /// <summary>The largest id of each tenant that may be in the store without being here.</summary>
    private readonly Dictionary<int, UInt128> _floors = [];
    private UInt128 _selectedFloor;
    private long _added;
    private int _count;

    public RecentIds(int capacity)
    {
        _ring = new LedgerId[capacity];
        _sequences = new Dictionary<LedgerId, long>(capacity);
    }

    /// <param name="largest">The largest id in the store of each tenant that has any.</param>
    public void Reset(IEnumerable<LedgerId> largest)
    {
        _sequences.Clear();
        _floors.Clear();
        _selectedFloor = 0;
        _added = 0;
        _count = 0;
        foreach (LedgerId id in largest)
        {
            _floors[id.Tenant.Value] = id.Id;
        }
    }

    public bool TryGetSequence(LedgerId id, out long sequence) => _sequences.TryGetValue(id, out sequence);

    /// <summary>Chooses the tenant that <see cref="IsBelowFloor"/> speaks of, until ids are added.</summary>
    public void Select(TenantId tenant) => _selectedFloor = _floors.GetValueOrDefault(tenant.Value);

    /// <summary>Whether only the store can tell if an id that is not here was written.</summary>
    public bool IsBelowFloor(UInt128 id) => id <= _selectedFloor;

    public void Add(LedgerId id, long sequence)
    {
        int slot = (int)(_added % _ring.Length);
        if (_count == _ring.Length)
        {
            LedgerId oldest = _ring[slot];
            _sequences.Remove(oldest);
            ref UInt128 floor = ref CollectionsMarshal.GetValueRefOrAddDefault(_floors, oldest.Tenant.Value, out _);
            floor = UInt128.Max(floor, oldest.Id);
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
