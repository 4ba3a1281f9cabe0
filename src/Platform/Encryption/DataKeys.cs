using System.Security.Cryptography;
using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Encryption;

/// <summary>
/// The keys that seal values: one for each subject, and one of the tenant's own under the empty name. Made when they are first needed, in
/// the transaction of who needs them. Thread-safe.
/// </summary>
internal sealed class DataKeys(TenantKeys tenants, ErasureShares shares, DataKeyCache cache, EncryptionMetrics metrics, TimeProvider time)
{
    public const string TenantItself = "";

    private const string SelectNewest = $"""
        select {DataKeyRow.Columns} from encryption_data_keys
        where tenant_id = @tenant and subject = @subject order by version desc limit 1
        """;

    private const string Insert = """
        insert into encryption_data_keys (tenant_id, subject, version, tenant_key_version, slot, wrapped, created_at)
        values (@tenant, @subject, @version, @wrappedBy, @slot, @wrapped, @now) on conflict do nothing
        """;

    /// <summary>The key that seals for a subject; made when there is none, which needs a write. Null when the subject was erased.</summary>
    public async ValueTask<DataKey?> CurrentAsync(DbSession session, TenantId tenant, string subject)
    {
        if (cache.FindCurrent(tenant, subject) is { } cached)
        {
            return cached;
        }

        long generation = cache.Generation;
        DataKeyRow? row = await NewestAsync(session, tenant, subject);
        if (row is null)
        {
            await CreateAsync(session, tenant, subject, 1);
            row = await NewestAsync(session, tenant, subject);
        }

        return await UnwrapAsync(session, row!, generation, isCurrent: true);
    }

    /// <summary>The key with this id; null when its subject was erased.</summary>
    /// <exception cref="CryptographicException">The tenant never had such a key.</exception>
    public async ValueTask<DataKey?> FindAsync(DbSession session, TenantId tenant, long id)
    {
        if (cache.Find(id) is { } cached)
        {
            return cached.Tenant == tenant.Value ? cached : throw Unknown(tenant, id);
        }

        long generation = cache.Generation;
        DataKeyRow row = await session.QuerySingleOrDefaultAsync<DataKeyRow>(
            $"select {DataKeyRow.Columns} from encryption_data_keys where id = @id and tenant_id = @tenant",
            new { id, tenant = tenant.Value })
            ?? throw Unknown(tenant, id);
        return await UnwrapAsync(session, row, generation, isCurrent: false);
    }

    /// <summary>Gives the tenant's own key a new version: what is sealed from now on is under it, what was sealed stays.</summary>
    public async Task RenewTenantsOwnAsync(DbSession session, TenantId tenant)
    {
        if (await NewestAsync(session, tenant, TenantItself) is { } row)
        {
            await CreateAsync(session, tenant, TenantItself, row.Version + 1);
            session.OnCommitted(() => cache.Forget(tenant, TenantItself));
        }
    }

    /// <summary>
    /// Wraps some of the keys that older versions of the tenant's key wrap with the newest; gives how many were looked at.
    /// </summary>
    public async Task<int> RewrapAsync(DbSession session, TenantId tenant, int limit)
    {
        using TenantKey newest = await tenants.CurrentAsync(session, tenant);
        IReadOnlyList<DataKeyRow> rows = await session.QueryAsync<DataKeyRow>(
            $"""
            select {DataKeyRow.Columns} from encryption_data_keys
            where tenant_id = @tenant and tenant_key_version < @version and wrapped is not null order by id limit @limit
            """,
            new { tenant = tenant.Value, version = newest.Version, limit });
        foreach (DataKeyRow row in rows)
        {
            await RewrapAsync(session, newest, row);
        }

        metrics.Rewrapped(rows.Count);
        return rows.Count;
    }

    private static Task<DataKeyRow?> NewestAsync(DbSession session, TenantId tenant, string subject) =>
        session.QuerySingleOrDefaultAsync<DataKeyRow>(SelectNewest, new { tenant = tenant.Value, subject });

    private static CryptographicException Unknown(TenantId tenant, long id) => new($"Tenant {tenant} has no data key {id}.");

    private async Task CreateAsync(DbSession session, TenantId tenant, string subject, int version)
    {
        if (session.Transaction is null)
        {
            throw new InvalidOperationException("A data key is made by a write; this session reads.");
        }

        using TenantKey wrapping = await tenants.CurrentAsync(session, tenant);
        long slot = 0;
        byte[]? share = null;
        if (subject.Length > 0)
        {
            slot = await shares.TakeAsync();
            share = await (await shares.StoreAsync()).ReadAsync(slot, CancellationToken.None)
                ?? throw new CryptographicException($"Erasure share {slot} was made and isn't there.");
        }

        byte[] key = KeyWrap.NewKey();
        await session.ExecuteAsync(
            Insert,
            new
            {
                tenant = tenant.Value,
                subject,
                version,
                wrappedBy = wrapping.Version,
                slot,
                wrapped = wrapping.WrapDataKey(subject, version, share, key),
                now = time.NowMicroseconds(),
            });
        CryptographicOperations.ZeroMemory(key);
        CryptographicOperations.ZeroMemory(share);
    }

    private async Task<DataKey?> UnwrapAsync(DbSession session, DataKeyRow row, long generation, bool isCurrent)
    {
        if (row.Wrapped is null || await ShareOfAsync(row) is not { } share)
        {
            return null;
        }

        using TenantKey wrapping = await tenants.FindAsync(session, new TenantId(row.TenantId), row.TenantKeyVersion);
        byte[] material = wrapping.UnwrapDataKey(row.Subject, row.Version, row.Slot == 0 ? null : share, row.Wrapped);
        CryptographicOperations.ZeroMemory(share);
        metrics.Unwrapped();
        DataKey key = new(row.Id, row.TenantId, row.Subject, row.Version, material, time.GetTimestamp());
        if (session.Transaction is null)
        {
            return cache.Add(key, isCurrent, generation);
        }

        // The row may be of this very transaction, and no other may see it before the commit.
        session.OnCommitted(() => cache.Add(key, isCurrent, generation));
        return key;
    }

    private async Task RewrapAsync(DbSession session, TenantKey newest, DataKeyRow row)
    {
        // A subject whose share is gone is erased; its row waits to be marked so.
        byte[]? share = await ShareOfAsync(row);
        byte[]? wrapped = null;
        if (share is not null)
        {
            using TenantKey older = await tenants.FindAsync(session, new TenantId(row.TenantId), row.TenantKeyVersion);
            byte[] key = older.UnwrapDataKey(row.Subject, row.Version, row.Slot == 0 ? null : share, row.Wrapped!);
            wrapped = newest.WrapDataKey(row.Subject, row.Version, row.Slot == 0 ? null : share, key);
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(share);
        }

        await session.ExecuteAsync(
            """
            update encryption_data_keys
            set wrapped = @wrapped, tenant_key_version = @Version,
              destroyed_at = case when @erased = 1 then coalesce(destroyed_at, @now) else destroyed_at end
            where id = @Id and tenant_id = @TenantId and wrapped is not null
            """,
            new { wrapped, newest.Version, erased = wrapped is null ? 1 : 0, now = time.NowMicroseconds(), row.Id, row.TenantId });
    }

    /// <summary>Empty for a key that has no share; null for one whose share was destroyed.</summary>
    private async ValueTask<byte[]?> ShareOfAsync(DataKeyRow row) =>
        row.Slot == 0 ? [] : await (await shares.StoreAsync()).ReadAsync(row.Slot, CancellationToken.None);
}
