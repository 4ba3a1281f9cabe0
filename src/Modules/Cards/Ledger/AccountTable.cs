using System.Collections.Concurrent;

namespace Iskra.Modules.Cards.Ledger;

/// <summary>
/// Accounts in memory, up to a limit; others are loaded when a transfer names them. Any thread may look up; the posting writer alone
/// adds and evicts.
/// </summary>
internal sealed class AccountTable
{
    private readonly int _capacity;
    private readonly ConcurrentDictionary<LedgerId, LedgerAccount> _byId = new();
    private readonly Dictionary<long, LedgerAccount> _byKey = [];
    private readonly Queue<LedgerAccount> _clock = new();

    public AccountTable(int capacity) => _capacity = capacity;

    public int Count => _byKey.Count;

    public LedgerAccount? Find(LedgerId id) => _byId.GetValueOrDefault(id);

    public LedgerAccount? FindByKey(long key) => _byKey.GetValueOrDefault(key);

    public void Add(LedgerAccount account)
    {
        _byId[account.LedgerId] = account;
        _byKey[account.Key] = account;
        _clock.Enqueue(account);
    }

    public void Remove(LedgerAccount account)
    {
        _byId.TryRemove(account.LedgerId, out _);
        _byKey.Remove(account.Key);
    }

    public void Clear()
    {
        _byId.Clear();
        _byKey.Clear();
        _clock.Clear();
    }

    /// <summary>Drops clean accounts that the last batches did not touch until the limit holds. Returns how many were dropped.</summary>
    public int Evict(long currentBatch)
    {
        int dropped = 0;
        int steps = Math.Max(0, _byKey.Count - _capacity) * 4;
        while (_byKey.Count > _capacity && steps-- > 0 && _clock.TryDequeue(out LedgerAccount? account))
        {
            if (_byKey.GetValueOrDefault(account.Key) != account)
            {
                continue;
            }

            if (account.DirtySince != 0 || account.TouchedByBatch >= currentBatch - 1)
            {
                _clock.Enqueue(account);
                continue;
            }

            Remove(account);
            dropped++;
        }

        return dropped;
    }
}
