using System.Globalization;
using System.Security.Cryptography;
using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Encryption;

/// <summary>
/// The tenants' keys, versioned: the newest one wraps, older ones still unwrap. They are unwrapped for one use and zeroed: data keys are
/// cached, so a tenant key is rarely needed. Thread-safe.
/// </summary>
internal sealed class TenantKeys(RootKeys roots, TimeProvider time)
{
    private const string Select = "select version, root_generation, wrapped from encryption_tenant_keys where tenant_id = @tenant";

    /// <summary>The version that wraps; made when the tenant has none, which needs a write.</summary>
    public async Task<TenantKey> CurrentAsync(DbSession session, TenantId tenant)
    {
        TenantKeyRow? row = await NewestAsync(session, tenant);
        if (row is null)
        {
            await AddAsync(session, tenant, 1);
            row = await NewestAsync(session, tenant);
        }

        return await UnwrapAsync(session, tenant, row!);
    }

    public async Task<TenantKey> FindAsync(DbSession session, TenantId tenant, int version)
    {
        TenantKeyRow row = await session.QuerySingleOrDefaultAsync<TenantKeyRow>(
            $"{Select} and version = @version", new { tenant = tenant.Value, version })
            ?? throw new CryptographicException($"Version {version} of the keys of tenant {tenant} is not in the database.");
        return await UnwrapAsync(session, tenant, row);
    }

    /// <summary>Adds a version and gives its number; 1 when there was none.</summary>
    public async Task<int> AddNextAsync(DbSession session, TenantId tenant)
    {
        int next = ((await NewestAsync(session, tenant))?.Version ?? 0) + 1;
        await AddAsync(session, tenant, next);
        return next;
    }

    /// <summary>Wraps every tenant's keys, which <paramref name="now"/> wraps, with <paramref name="next"/>; gives how many.</summary>
    public static async Task<int> RewrapAllAsync(DbSession session, CheckedRoot now, CheckedRoot next)
    {
        IReadOnlyList<(int Tenant, int Version, byte[] Wrapped)> rows = await session.QueryAsync<(int, int, byte[])>(
            "select tenant_id, version, wrapped from encryption_tenant_keys");
        foreach ((int tenant, int version, byte[] wrapped) in rows)
        {
            byte[] key = now.Key.UnwrapTenantKey(tenant, version, wrapped);
            await session.ExecuteAsync(
                """
                update encryption_tenant_keys set wrapped = @wrapped, root_generation = @Generation
                where tenant_id = @tenant and version = @version
                """,
                new { wrapped = next.Key.WrapTenantKey(tenant, version, key), next.Generation, tenant, version });
            CryptographicOperations.ZeroMemory(key);
        }

        return rows.Count;
    }

    /// <summary>Every version of every tenant's key, for lists.</summary>
    public static Task<IReadOnlyList<EncryptionKeyItem>> ListAsync(DbSession session, TenantId? tenant) =>
        session.QueryAsync<EncryptionKeyItem>(
            $"""
            select t.tenant_id, t.version, t.root_generation, t.created_at,
              (select count(*) from encryption_data_keys d
               where d.tenant_id = t.tenant_id and d.tenant_key_version = t.version and d.wrapped is not null) as data_keys
            from encryption_tenant_keys t {(tenant is null ? "" : "where t.tenant_id = @tenant")} order by t.tenant_id, t.version
            """,
            new { tenant = tenant?.Value });

    private static Task<TenantKeyRow?> NewestAsync(DbSession session, TenantId tenant) =>
        session.QuerySingleOrDefaultAsync<TenantKeyRow>($"{Select} order by version desc limit 1", new { tenant = tenant.Value });

    private async Task AddAsync(DbSession session, TenantId tenant, int version)
    {
        if (session.Transaction is null)
        {
            throw new InvalidOperationException("A tenant's key is made by a write; this session reads.");
        }

        CheckedRoot root = await roots.GetAsync(session);
        byte[] key = KeyWrap.NewKey();
        await session.ExecuteAsync(
            """
            insert into encryption_tenant_keys (tenant_id, version, root_generation, wrapped, created_at)
            values (@tenant, @version, @Generation, @wrapped, @now) on conflict do nothing
            """,
            new
            {
                tenant = tenant.Value,
                version,
                root.Generation,
                wrapped = root.Key.WrapTenantKey(tenant.Value, version, key),
                now = time.NowMicroseconds(),
            });
        CryptographicOperations.ZeroMemory(key);
    }

    private async Task<TenantKey> UnwrapAsync(DbSession session, TenantId tenant, TenantKeyRow row)
    {
        CheckedRoot root = await roots.GetAsync(session);
        if (row.RootGeneration != root.Generation)
        {
            throw new CryptographicException(string.Create(
                CultureInfo.InvariantCulture,
                $"The keys of tenant {tenant} are wrapped by root key {row.RootGeneration}, this process has {root.Generation}"));
        }

        return new TenantKey(tenant.Value, row.Version, root.Key.UnwrapTenantKey(tenant.Value, row.Version, row.Wrapped));
    }

    private sealed class TenantKeyRow
    {
        public int Version { get; set; }

        public int RootGeneration { get; set; }

        public byte[] Wrapped { get; set; } = [];
    }
}
