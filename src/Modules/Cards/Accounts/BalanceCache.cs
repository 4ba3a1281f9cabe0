using System.Buffers;
using Iskra.Modules.Cards.Ledger;
using Iskra.Modules.Cards.Storage;
using Iskra.Platform.Caching;
using Iskra.Platform.Tenancy;

namespace Iskra.Modules.Cards.Accounts;

/// <summary>
/// Accounts and balances in the cache. The writer of the ledger, which holds balances in memory, caches rows for what never changes of
/// them. Others cache balances until the account is posted to, which the writer tells once the commit is durable and before anyone is
/// answered.
/// </summary>
internal sealed class BalanceCache(Cache cache)
{
    private static readonly CacheKind<AccountRow> Rows = new("cards.account", TimeSpan.FromSeconds(300));
    private static readonly CacheKind<StoredBalance> Balances = new("cards.balance", TimeSpan.FromSeconds(300));

    public ValueTask<AccountRow?> RowAsync(
        TenantId tenant,
        Guid id,
        Func<(TenantId Tenant, Guid Id), CancellationToken, Task<AccountRow?>> read,
        CancellationToken cancellationToken) =>
        cache.GetOrLoadAsync(Rows, Rows.Key(tenant, id), (tenant, id), read, null, cancellationToken);

    public ValueTask<StoredBalance?> BalanceAsync(
        TenantId tenant,
        Guid id,
        Func<(TenantId Tenant, Guid Id), CancellationToken, Task<StoredBalance?>> read,
        CancellationToken cancellationToken) =>
        cache.GetOrLoadAsync(Balances, Balances.Key(tenant, id), (tenant, id), read, null, cancellationToken);

    /// <summary>A commit is durable: its accounts' balances are no longer what is cached, and new accounts are no longer unknown.</summary>
    public void Forget(IReadOnlyList<LedgerAccount> touched, IReadOnlyList<NewAccount> created)
    {
        int count = touched.Count + (2 * created.Count);
        if (count == 0 || cache.HasNothingToInvalidate)
        {
            return;
        }

        CacheKey[] keys = ArrayPool<CacheKey>.Shared.Rent(count);
        for (int index = 0; index < touched.Count; index++)
        {
            keys[index] = Balances.Key(touched[index].Tenant, Uuid.ToGuid(touched[index].Id));
        }

        for (int index = 0; index < created.Count; index++)
        {
            LedgerAccount account = created[index].Account;
            Guid id = Uuid.ToGuid(account.Id);
            keys[touched.Count + (2 * index)] = Rows.Key(account.Tenant, id);
            keys[touched.Count + (2 * index) + 1] = Balances.Key(account.Tenant, id);
        }

        cache.Invalidate(keys.AsSpan(0, count));
        ArrayPool<CacheKey>.Shared.Return(keys, clearArray: true);
    }

    /// <summary>This process begins to write the ledger: what the last writer had no time to tell is made good.</summary>
    public void ForgetAll()
    {
        cache.InvalidateKind(Balances);
        cache.InvalidateKind(Rows);
    }
}
