using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Security.Tokens;

/// <summary>
/// Tells this process at its commit, and the others through the store, that something is no longer good. The truth about keys, users,
/// families and tenants stays in their own rows: a revocation only makes everyone look again. Of an access token it is the truth itself.
/// </summary>
internal sealed class Revocations(CallerCache cache, DeniedTokens denied, TimeProvider time)
{
    /// <summary>Longer than anyone caches a caller: after it nobody needs to be told any more.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    /// <param name="session">Of the change itself.</param>
    /// <param name="tenant">Whose.</param>
    /// <param name="kind">What <paramref name="subject"/> is.</param>
    /// <param name="subject">An id; for a tenant the empty one.</param>
    /// <param name="until">For an access token, when it ends by itself.</param>
    internal async Task AppendAsync(DbSession session, TenantId tenant, RevocationKind kind, Guid subject, DateTimeOffset? until = null)
    {
        DateTimeOffset now = time.GetUtcNow();
        RevocationRow row = new()
        {
            TenantId = tenant.Value,
            Kind = (int)kind,
            Subject = subject,
            CreatedAt = Instants.ToMicroseconds(now),
            ExpiresAt = Instants.ToMicroseconds(until ?? now + Kept),
        };
        await session.ExecuteAsync(
            """
            insert into security_revocations (tenant_id, kind, subject, created_at, expires_at)
            values (@TenantId, @Kind, @Subject, @CreatedAt, @ExpiresAt)
            """,
            row);
        session.OnCommitted(() => Apply(row));
    }

    /// <summary>Makes this process forget what the row is about. Doing it twice does no harm.</summary>
    internal void Apply(RevocationRow row)
    {
        RevocationKind kind = (RevocationKind)row.Kind;
        if (kind == RevocationKind.Token)
        {
            denied.Add(row.Subject, row.ExpiresAt);
        }

        cache.Forget(kind, new TenantId(row.TenantId), row.Subject);
    }
}
