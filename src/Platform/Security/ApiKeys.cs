using Iskra.Platform.Audit;
using Iskra.Platform.Data;
using Iskra.Platform.Security.Tokens;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Security;

/// <summary>The keys: made, listed, revoked, always within one tenant. Thread-safe.</summary>
public sealed class ApiKeys
{
    private const string Insert = """
        insert into security_keys (id, tenant_id, prefix, key_hash, name, scopes, origin, created_at, expires_at)
        values (@Id, @Tenant, @Prefix, @KeyHash, @Name, @Scopes, @Origin, @CreatedAt, @ExpiresAt)
        """;

    private readonly Database _database;
    private readonly Revocations _revocations;
    private readonly SecurityAudit _audit;
    private readonly TimeProvider _time;

    internal ApiKeys(Database database, Revocations revocations, SecurityAudit audit, TimeProvider time)
    {
        _database = database;
        _revocations = revocations;
        _audit = audit;
        _time = time;
    }

    /// <summary>Makes a key. The arguments were checked with <see cref="NewKeyRules"/>.</summary>
    internal Task<NewApiKey> CreateAsync(
        TenantId tenant,
        string name,
        IReadOnlyList<string> scopes,
        DateTimeOffset? expiresAt,
        KeyOrigin origin,
        Caller? by,
        CancellationToken cancellationToken)
    {
        string prefix = ApiKeyFormat.NewPrefix();
        string key = ApiKeyFormat.NewKey(prefix);
        return StoreAsync(tenant, key, prefix, name, scopes, expiresAt, origin, by, cancellationToken);
    }

    /// <summary>The tenant's keys, newest first, from <paramref name="before"/> (not included) on.</summary>
    internal async Task<IReadOnlyList<ApiKey>> ListAsync(TenantId tenant, Guid? before, int limit, CancellationToken cancellationToken)
    {
        // The id is a UUIDv7: its order is the order of creation on both engines.
        string older = before is null ? "" : "and k.id < @Before";
        string sql = $"""
            select {KeyRow.Columns} from security_keys k join tenants t on t.id = k.tenant_id
            where k.tenant_id = @Tenant {older} order by k.id desc limit @Limit
            """;
        IReadOnlyList<KeyRow> rows = await _database.ReadAsync(
            session => session.QueryAsync<KeyRow>(
                sql, new { Tenant = tenant.Value, Before = before ?? Guid.Empty, Limit = limit }), cancellationToken);
        return [.. rows.Select(row => row.ToApiKey())];
    }

    /// <summary>Makes a key worthless, with all its sessions and tokens: at once in this process, within seconds in others. False when the
    /// tenant has no such key.</summary>
    internal Task<bool> RevokeAsync(TenantId tenant, Guid id, Caller? by, CancellationToken cancellationToken)
    {
        long now = _time.NowMicroseconds();
        return _database.WriteAsync(
            async session =>
            {
                int rows = await session.ExecuteAsync(
                    """
                    update security_keys set revoked_at = coalesce(revoked_at, @Now), revoked_reason = @Reason
                    where tenant_id = @Tenant and id = @Id
                    """,
                    new { Tenant = tenant.Value, Id = id, Now = now, Reason = (int)RevocationReason.ByHand });
                if (rows == 0)
                {
                    return false;
                }

                await session.ExecuteAsync(
                    "delete from security_sessions where tenant_id = @Tenant and key_id = @Id", new { Tenant = tenant.Value, Id = id });
                await _revocations.AppendAsync(session, tenant, RevocationKind.Key, id);
                await _audit.RecordAsync(session, AuditEventKind.ApiKeyRevoked, tenant, by, $"key {id}");
                return true;
            },
            cancellationToken);
    }

    /// <summary>The id of the tenant's key with this prefix; null when there is none.</summary>
    internal Task<Guid?> FindByPrefixAsync(TenantId tenant, string prefix, CancellationToken cancellationToken) => _database.ReadAsync(
        async session => (await session.QuerySingleOrDefaultAsync<KeyRow>(
            $"select {KeyRow.Columns} from security_keys k join tenants t on t.id = k.tenant_id "
            + "where k.tenant_id = @Tenant and k.prefix = @Prefix",
            new { Tenant = tenant.Value, Prefix = prefix }))?.Id,
        cancellationToken);

    /// <summary>Whether the installation has a key at all.</summary>
    internal Task<bool> AnyAsync(CancellationToken cancellationToken) => _database.ReadAsync(
        async session => await session.ScalarAsync<long>("select count(*) from (select 1 from security_keys limit 1) as one") > 0,
            cancellationToken);

    /// <summary>Whose key this is: the one place where a key says which tenant is meant.</summary>
    internal Task<KeyRow?> FindAsync(Hash256 hash, CancellationToken cancellationToken) => _database.ReadAsync(
        session => session.QuerySingleOrDefaultAsync<KeyRow>(
            $"select {KeyRow.Columns} from security_keys k join tenants t on t.id = k.tenant_id where k.key_hash = @Hash",
            new { Hash = hash.ToArray() }),
        cancellationToken);

    /// <summary>The key that a token was given to, as it is now.</summary>
    internal Task<KeyRow?> FindAsync(Guid id, CancellationToken cancellationToken) => _database.ReadAsync(
        session => session.QuerySingleOrDefaultAsync<KeyRow>(
            $"select {KeyRow.Columns} from security_keys k join tenants t on t.id = k.tenant_id where k.id = @Id", new { Id = id }),
        cancellationToken);

    internal async Task<NewApiKey> StoreAsync(
        TenantId tenant,
        string key,
        string prefix,
        string name,
        IReadOnlyList<string> scopes,
        DateTimeOffset? expiresAt,
        KeyOrigin origin,
        Caller? by,
        CancellationToken cancellationToken)
    {
        DateTimeOffset now = _time.GetUtcNow();
        NewApiKey made = new(Guid.CreateVersion7(now), name, prefix, [.. scopes.Distinct().Order(StringComparer.Ordinal)], now,
            expiresAt, key);
        await _database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(
                    Insert,
                    new
                    {
                        made.Id,
                        Tenant = tenant.Value,
                        made.Prefix,
                        KeyHash = Hash256.Of(key).ToArray(),
                        made.Name,
                        Scopes = Scopes.Join(scopes),
                        Origin = (int)origin,
                        CreatedAt = Instants.ToMicroseconds(now),
                        ExpiresAt = expiresAt is { } end ? Instants.ToMicroseconds(end) : (long?)null,
                    });
                await _audit.RecordAsync(
                    session,
                    AuditEventKind.ApiKeyCreated,
                    tenant,
                    by is null ? null : AuditActor.Of(by),
                    $"key {made.Prefix}",
                    new Dictionary<string, string> { ["name"] = made.Name, ["scopes"] = Scopes.Join(made.Scopes) });
            },
            cancellationToken);
        return made;
    }
}
