using Iskra.Platform.Audit;
using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Security;

/// <summary>The keys: made, listed, revoked. Thread-safe.</summary>
public sealed class ApiKeys
{
    private const string Insert = """
        insert into security_keys (id, prefix, key_hash, name, scopes, origin, created_at, expires_at)
        values (@Id, @Prefix, @KeyHash, @Name, @Scopes, @Origin, @CreatedAt, @ExpiresAt)
        """;

    private readonly Database _database;
    private readonly CallerCache _cache;
    private readonly AuditLog _audit;
    private readonly TimeProvider _time;

    internal ApiKeys(Database database, CallerCache cache, AuditLog audit, TimeProvider time)
    {
        _audit = audit;
        _database = database;
        _cache = cache;
        _time = time;
    }

    /// <summary>Makes a key. The arguments were checked with <see cref="NewKeyRules"/>.</summary>
    internal Task<NewApiKey> CreateAsync(
        string name, IReadOnlyList<string> scopes, DateTimeOffset? expiresAt, KeyOrigin origin, CancellationToken cancellationToken)
    {
        string prefix = ApiKeyFormat.NewPrefix();
        string key = ApiKeyFormat.NewKey(prefix);
        return StoreAsync(key, prefix, name, scopes, expiresAt, origin, cancellationToken);
    }

    /// <summary>All keys, newest first, from <paramref name="before"/> (not included) on.</summary>
    internal async Task<IReadOnlyList<ApiKey>> ListAsync(Guid? before, int limit, CancellationToken cancellationToken)
    {
        // The id is a UUIDv7: its order is the order of creation on both engines.
        string where = before is null ? "" : "where id < @Before";
        string sql = $"select {KeyRow.Columns} from security_keys {where} order by id desc limit @Limit";
        IReadOnlyList<KeyRow> rows = await _database.ReadAsync(
            session => session.QueryAsync<KeyRow>(sql, new { Before = before ?? Guid.Empty, Limit = limit }), cancellationToken);
        return [.. rows.Select(row => row.ToApiKey())];
    }

    /// <summary>Makes a key worthless, with all its sessions, at once in this process. False when there is no such key.</summary>
    internal async Task<bool> RevokeAsync(Guid id, CancellationToken cancellationToken)
    {
        long now = _time.NowMicroseconds();
        AuditEntry entry = new(TenantId.Default, AuditEventKind.ApiKeyRevoked) { Target = id.ToString() };
        int rows = await _database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("delete from security_sessions where key_id = @Id", new { Id = id });
                int revoked = await session.ExecuteAsync(
                    "update security_keys set revoked_at = coalesce(revoked_at, @Now), revoked_reason = @Reason where id = @Id",
                    new { Id = id, Now = now, Reason = (int)RevocationReason.ByHand });
                await (revoked > 0 ? _audit.AppendAsync(session, entry) : Task.CompletedTask);
                return revoked;
            },
            cancellationToken);
        _cache.Forget(id);
        return rows > 0;
    }

    /// <summary>The id of the key with this prefix; null when there is none.</summary>
    internal async Task<Guid?> FindByPrefixAsync(string prefix, CancellationToken cancellationToken)
    {
        KeyRow? row = await _database.ReadAsync(
            session => session.QuerySingleOrDefaultAsync<KeyRow>(
                $"select {KeyRow.Columns} from security_keys where prefix = @Prefix", new { Prefix = prefix }),
            cancellationToken);
        return row?.Id;
    }

    internal Task<bool> AnyAsync(CancellationToken cancellationToken) => _database.ReadAsync(
        async session => await session.ScalarAsync<long>("select count(*) from (select 1 from security_keys limit 1) as one") > 0,
            cancellationToken);

    internal Task<KeyRow?> FindAsync(Hash256 hash, CancellationToken cancellationToken) => _database.ReadAsync(
        session => session.QuerySingleOrDefaultAsync<KeyRow>(
            $"select {KeyRow.Columns} from security_keys where key_hash = @Hash", new { Hash = hash.ToArray() }),
        cancellationToken);

    internal async Task<NewApiKey> StoreAsync(
        string key,
        string prefix,
        string name,
        IReadOnlyList<string> scopes,
        DateTimeOffset? expiresAt,
        KeyOrigin origin,
        CancellationToken cancellationToken)
    {
        DateTimeOffset now = _time.GetUtcNow();
        NewApiKey made = new(Guid.CreateVersion7(now), name, prefix, [.. scopes.Distinct().Order(StringComparer.Ordinal)], now,
            expiresAt, key);
        AuditEntry entry = new(TenantId.Default, AuditEventKind.ApiKeyCreated)
        {
            Target = made.Id.ToString(),
            Details = new Dictionary<string, string> { ["prefix"] = prefix, ["name"] = name, ["scopes"] = string.Join(' ', made.Scopes) },
        };
        await _database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(
                    Insert,
                    new
                    {
                        made.Id,
                        made.Prefix,
                        KeyHash = Hash256.Of(key).ToArray(),
                        made.Name,
                        Scopes = string.Join(' ', made.Scopes),
                        Origin = (int)origin,
                        CreatedAt = Instants.ToMicroseconds(now),
                        ExpiresAt = expiresAt is { } end ? Instants.ToMicroseconds(end) : (long?)null,
                    });
                await _audit.AppendAsync(session, entry);
            },
            cancellationToken);
        return made;
    }
}
