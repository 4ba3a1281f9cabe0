using System.Security.Cryptography;
using Iskra.Platform.Audit;
using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Security;

/// <summary>Web sessions: a random id in a cookie, only its hash in the database. A session can do what its key can, and ends with
/// it.</summary>
internal sealed class Sessions(
    Database database, CallerCache cache, AuditLog audit, IOptions<SecurityOptions> options, TimeProvider time)
{
    private const string Columns = "k.id, k.tenant_id, k.prefix, k.key_hash, k.name, k.scopes, k.created_at, k.expires_at, k.revoked_at, "
        + "k.revoked_reason, k.last_used_at, s.id_hash as session_hash, s.expires_at as session_expires_at";

    private const string Trim = """
        delete from security_sessions where expires_at <= @Now or id_hash in (
          select id_hash from security_sessions where key_id = @KeyId order by created_at desc limit 1000 offset @Keep)
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

        AuditEntry entry = new(caller.Tenant, AuditEventKind.SignedIn) { Actor = AuditActor.Of(caller) };
        await database.WriteAsync(
            async session =>
            {
                await audit.AppendAsync(session, entry);
                await session.ExecuteAsync(
                    Trim,
                    new { Now = Instants.ToMicroseconds(now), caller.KeyId, Keep = options.Value.SessionsPerKeyMax - 1 });
                await session.ExecuteAsync(
                    "insert into security_sessions (id_hash, key_id, created_at, expires_at) values (@Hash, @KeyId, @Now, @End)",
                    new
                    {
                        Hash = Hash256.Of(id).ToArray(),
                        caller.KeyId,
                        Now = Instants.ToMicroseconds(now),
                        End = Instants.ToMicroseconds(end),
                    });
            },
            cancellationToken);
        return (id, end);
    }

    /// <summary>
    /// Nobody knows whose key was meant: the attempt goes to the default tenant's trail. The limiter bounds how many there are.
    /// </summary>
    internal Task AuditFailureAsync(System.Net.IPAddress? address, CancellationToken cancellationToken)
    {
        AuditEntry entry = new(TenantId.Default, AuditEventKind.SignInFailed)
        {
            Actor = AuditActor.Anonymous,
            Details = new Dictionary<string, string> { ["address"] = address?.ToString() ?? "" },
        };
        return database.WriteAsync(session => audit.AppendAsync(session, entry), cancellationToken);
    }

    internal async Task CloseAsync(string id, CancellationToken cancellationToken)
    {
        Hash256 hash = Hash256.Of(id);
        await database.WriteAsync(
            session => session.ExecuteAsync("delete from security_sessions where id_hash = @Hash", new { Hash = hash.ToArray() }),
            cancellationToken);
        cache.Forget(hash);
    }

    internal Task<KeyRow?> FindAsync(Hash256 hash, CancellationToken cancellationToken) => database.ReadAsync(
        session => session.QuerySingleOrDefaultAsync<KeyRow>(
            $"select {Columns} from security_sessions s join security_keys k on k.id = s.key_id where s.id_hash = @Hash",
            new { Hash = hash.ToArray() }),
        cancellationToken);
}
