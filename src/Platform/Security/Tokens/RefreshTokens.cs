using System.Security.Cryptography;
using System.Text;
using Iskra.Platform.Audit;
using Iskra.Platform.Data;
using Iskra.Platform.Security.Users;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Security.Tokens;

/// <param name="Token">The next refresh token.</param>
/// <param name="Caller">The user as they are now.</param>
/// <param name="FamilyId">Where it belongs.</param>
/// <param name="Scopes">What the family was given.</param>
/// <param name="Client">Who asked for it first.</param>
internal sealed record RefreshGrant(string Token, Caller Caller, Guid FamilyId, string Scopes, string Client);

/// <summary>
/// Refresh tokens of users: <c>isr_</c> and 43 characters, opaque, stored hashed, good once. A family is what one sign-in led to. The
/// successor of a token is computed from it with the family's secret, so that two refreshes of one client at once get the same one, and a
/// family never has two branches; a token that is used later than that was stolen, by this caller or by the one before, and
/// ends the family.
/// </summary>
internal sealed class RefreshTokens(
    Database database,
    Revocations revocations,
    SecurityAudit audit,
    SecurityMetrics metrics,
    IOptions<TokenOptions> options,
    TimeProvider time,
    ILogger<RefreshTokens> logger)
{
    internal const string Start = "isr_";

    private const int SecretSize = 32;
    private const int Length = 47;

    private const string InsertToken = """
        insert into security_refresh_tokens (token_hash, tenant_id, family_id, created_at, expires_at)
        values (@Hash, @Tenant, @Family, @Now, @End) on conflict (token_hash) do nothing
        """;

    private const string FindToken = """
        select r.tenant_id, r.family_id, r.expires_at, r.used_at, f.user_id, f.client, f.scopes, f.secret, f.revoked_at,
          f.expires_at as family_expires_at
        from security_refresh_tokens r join security_refresh_families f on f.id = r.family_id and f.tenant_id = r.tenant_id
        where r.token_hash = @Hash
        """;

    private const string FindUser = $"""
        select {UserRow.Columns} from security_users u join tenants t on t.id = u.tenant_id
        where u.tenant_id = @Tenant and u.id = @Id
        """;

    internal static bool IsPlausible(string token) => token.Length == Length && token.StartsWith(Start, StringComparison.Ordinal);

    /// <summary>Opens a family for a user who has just signed in.</summary>
    internal Task<RefreshGrant> OpenAsync(Caller user, string scopes, string client, CancellationToken cancellationToken)
    {
        string token = Start + System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretSize));
        DateTimeOffset now = time.GetUtcNow();
        FamilyRow family = new()
        {
            FamilyId = Guid.CreateVersion7(now),
            TenantId = user.Tenant.Value,
            UserId = user.Id,
            Client = client,
            Scopes = scopes,
            Secret = RandomNumberGenerator.GetBytes(SecretSize),
            FamilyExpiresAt = Instants.ToMicroseconds(now + options.Value.RefreshTime),
        };
        return database.WriteAsync(
            async session =>
            {
                await TrimAsync(session, user);
                await session.ExecuteAsync(
                    """
                    insert into security_refresh_families (id, tenant_id, user_id, client, scopes, secret, created_at, expires_at)
                    values (@FamilyId, @TenantId, @UserId, @Client, @Scopes, @Secret, @Now, @FamilyExpiresAt)
                    """,
                    new
                    {
                        family.FamilyId,
                        family.TenantId,
                        family.UserId,
                        family.Client,
                        family.Scopes,
                        family.Secret,
                        Now = Instants.ToMicroseconds(now),
                        family.FamilyExpiresAt,
                    });
                await StoreAsync(session, token, family);
                return new RefreshGrant(token, user, family.FamilyId, scopes, client);
            },
            cancellationToken);
    }

    /// <summary>Uses a token up and gives its successor; null when it is unknown, used, or its user is no longer good.</summary>
    internal async Task<RefreshGrant?> RotateAsync(string token, CancellationToken cancellationToken)
    {
        if (!IsPlausible(token))
        {
            return null;
        }

        byte[] hash = Hash256.Of(token).ToArray();
        return await database.WriteAsync(session => RotateAsync(session, token, hash), cancellationToken);
    }

    /// <summary>Ends the family of a token, at its client's wish.</summary>
    internal Task RevokeAsync(string token, CancellationToken cancellationToken)
    {
        if (!IsPlausible(token))
        {
            return Task.CompletedTask;
        }

        byte[] hash = Hash256.Of(token).ToArray();
        return database.WriteAsync(
            async session =>
            {
                if (await session.QuerySingleOrDefaultAsync<FamilyRow>(FindToken, new { Hash = hash }) is { RevokedAt: null } family)
                {
                    await EndAsync(session, family, FamilyEnd.Revoked);
                    await audit.RecordAsync(
                        session, AuditEventKind.TokensRevoked, new TenantId(family.TenantId), AuditActor.Anonymous,
                        $"user {family.UserId}");
                }
            },
            cancellationToken);
    }

    /// <summary>Ends all families of a user, within the transaction of what made it necessary.</summary>
    internal Task RevokeOfUserAsync(DbSession session, TenantId tenant, Guid user, FamilyEnd reason) => session.ExecuteAsync(
        """
        update security_refresh_families set revoked_at = @Now, revoked_reason = @Reason
        where tenant_id = @Tenant and user_id = @User and revoked_at is null
        """,
        new { Tenant = tenant.Value, User = user, Now = time.NowMicroseconds(), Reason = (int)reason });

    /// <summary>The token that follows: known to whoever holds the token before it and this family's secret.</summary>
    private static string SuccessorOf(string token, byte[] secret)
    {
        byte[] next = HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(token));
        return Start + System.Buffers.Text.Base64Url.EncodeToString(next);
    }

    private async Task<RefreshGrant?> RotateAsync(DbSession session, string token, byte[] hash)
    {
        long now = time.NowMicroseconds();
        if (await session.QuerySingleOrDefaultAsync<FamilyRow>(FindToken, new { Hash = hash }) is not { RevokedAt: null } family
            || family.ExpiresAt <= now || family.FamilyExpiresAt <= now)
        {
            return null;
        }

        UserRow? user = await session.QuerySingleOrDefaultAsync<UserRow>(
            FindUser, new { Tenant = family.TenantId, Id = family.UserId });
        if (user is not { IsGood: true })
        {
            return null;
        }

        string next = SuccessorOf(token, family.Secret);
        int used = await session.ExecuteAsync(
            "update security_refresh_tokens set used_at = @Now where tenant_id = @Tenant and token_hash = @Hash and used_at is null",
            new { Tenant = family.TenantId, Hash = hash, Now = now });
        if (used == 0 && !await IsConcurrentAsync(session, hash, next, now))
        {
            await EndAsync(session, family, FamilyEnd.Reused);
            await audit.RecordAsync(
                session, AuditEventKind.TokenReuseDetected, user.Tenant, AuditActor.Anonymous, $"user {user.Id}");
            session.OnCommitted(() =>
            {
                metrics.RefreshReused();
                Log.RefreshTokenReused(logger, family.FamilyId, user.Id);
            });
            return null;
        }

        await StoreAsync(session, next, family);
        Caller caller = await RoleStore.ToCallerAsync(session, user, CallerKind.Token);
        return new RefreshGrant(next, caller, family.FamilyId, family.Scopes, family.Client);
    }

    /// <summary>Whether a used token was used a moment ago and what followed it wasn't used yet.</summary>
    private async Task<bool> IsConcurrentAsync(DbSession session, byte[] hash, string next, long now)
    {
        long grace = options.Value.ReuseGrace.Ticks / TimeSpan.TicksPerMicrosecond;
        FamilyRow? again = await session.QuerySingleOrDefaultAsync<FamilyRow>(FindToken, new { Hash = hash });
        if (grace == 0 || again?.UsedAt is not { } usedAt || now - usedAt > grace)
        {
            return false;
        }

        FamilyRow? follower = await session.QuerySingleOrDefaultAsync<FamilyRow>(
            FindToken, new { Hash = Hash256.Of(next).ToArray() });
        return follower is null or { UsedAt: null };
    }

    private Task<int> StoreAsync(DbSession session, string token, FamilyRow family)
    {
        DateTimeOffset now = time.GetUtcNow();
        return session.ExecuteAsync(
            InsertToken,
            new
            {
                Hash = Hash256.Of(token).ToArray(),
                Tenant = family.TenantId,
                Family = family.FamilyId,
                Now = Instants.ToMicroseconds(now),
                End = Math.Min(family.FamilyExpiresAt, Instants.ToMicroseconds(now + options.Value.RefreshIdleTime)),
            });
    }

    private async Task EndAsync(DbSession session, FamilyRow family, FamilyEnd reason)
    {
        TenantId tenant = new(family.TenantId);
        await session.ExecuteAsync(
            "update security_refresh_families set revoked_at = @Now, revoked_reason = @Reason where tenant_id = @Tenant and id = @Id",
            new { Tenant = tenant.Value, Id = family.FamilyId, Now = time.NowMicroseconds(), Reason = (int)reason });
        await revocations.AppendAsync(session, tenant, RevocationKind.Family, family.FamilyId);
    }

    private async Task TrimAsync(DbSession session, Caller user)
    {
        IReadOnlyList<Guid> beyond = await session.QueryAsync<Guid>(
            """
            select id from security_refresh_families where tenant_id = @Tenant and user_id = @User and revoked_at is null
            order by created_at desc limit 1000 offset @Keep
            """,
            new { Tenant = user.Tenant.Value, User = user.Id, Keep = options.Value.FamiliesPerUserMax - 1 });
        foreach (Guid id in beyond)
        {
            await EndAsync(session, new FamilyRow { FamilyId = id, TenantId = user.Tenant.Value }, FamilyEnd.TooMany);
        }
    }
}
