using System.Security.Cryptography;
using Iskra.Platform.Audit;
using Iskra.Platform.Data;
using Iskra.Platform.Security.Users;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Security;

/// <summary>Web sessions: a random id in a cookie, only its hash in the database. A session can do what its key or user can, and ends with
/// it.</summary>
internal sealed class Sessions(
    Database database, CallerCache cache, SecurityAudit audit, IOptions<SecurityOptions> options, TimeProvider time)
{
    private const string OfKey = $"""
        select {KeyRow.Columns}, s.expires_at as session_expires_at
        from security_sessions s join security_keys k on k.id = s.key_id join tenants t on t.id = k.tenant_id
        where s.id_hash = @Hash
        """;

    private const string OfUser = $"""
        select {UserRow.Columns}, s.expires_at as session_expires_at
        from security_sessions s join security_users u on u.id = s.user_id join tenants t on t.id = u.tenant_id
        where s.id_hash = @Hash
        """;

    private const string Insert = """
        insert into security_sessions (id_hash, tenant_id, key_id, user_id, created_at, expires_at)
        values (@Hash, @Tenant, @KeyId, @UserId, @Now, @End)
        """;

    /// <summary>Opens a session and gives its id, for the cookie, and its end.</summary>
    internal async Task<(string Id, DateTimeOffset ExpiresAt)> OpenAsync(Caller caller, CancellationToken cancellationToken)
    {
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset end = now + options.Value.SessionTime;
        if (caller.ExpiresAt < end)
        {
            end = caller.ExpiresAt.Value;
        }

        string owner = caller.KeyId is null ? "user_id = @UserId" : "key_id = @KeyId";
        string trim = $"""
            delete from security_sessions where tenant_id = @Tenant and id_hash in (
              select id_hash from security_sessions where tenant_id = @Tenant and {owner}
              order by created_at desc limit 1000 offset @Keep)
            """;
        var values = new
        {
            Hash = Hash256.Of(id).ToArray(),
            Tenant = caller.Tenant.Value,
            caller.KeyId,
            caller.UserId,
            Now = Instants.ToMicroseconds(now),
            End = Instants.ToMicroseconds(end),
            Keep = options.Value.SessionsPerKeyMax - 1,
        };
        await database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(trim, values);
                await session.ExecuteAsync(Insert, values);
                if (caller.KeyId is not null)
                {
                    // A user's sign-in is in the trail since the password was checked.
                    await audit.RecordAsync(session, AuditEventKind.SignedIn, caller.Tenant, caller, null);
                }
            },
            cancellationToken);
        return (id, end);
    }

    internal async Task CloseAsync(string id, CancellationToken cancellationToken)
    {
        Hash256 hash = Hash256.Of(id);
        await database.WriteAsync(
            session => session.ExecuteAsync("delete from security_sessions where id_hash = @Hash", new { Hash = hash.ToArray() }),
            cancellationToken);
        cache.Forget(hash);
    }

    /// <summary>Who has this session; null when it is unknown, or its key, user or tenant is no longer good.</summary>
    internal Task<Caller?> FindAsync(Hash256 hash, CancellationToken cancellationToken) => database.ReadAsync(
        async session =>
        {
            var id = new { Hash = hash.ToArray() };
            if (await session.QuerySingleOrDefaultAsync<KeyRow>(OfKey, id) is { } key)
            {
                return key.IsGood ? key.ToCaller() : null;
            }

            return await session.QuerySingleOrDefaultAsync<UserRow>(OfUser, id) is { IsGood: true } user
                ? await RoleStore.ToCallerAsync(session, user, CallerKind.Session)
                : null;
        },
        cancellationToken);
}
