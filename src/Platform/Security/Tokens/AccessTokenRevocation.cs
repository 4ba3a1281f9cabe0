using Iskra.Platform.Audit;
using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Security.Tokens;

/// <summary>Puts an access token on the deny-list, here and in the store, until it ends by itself.</summary>
internal sealed class AccessTokenRevocation(Database database, Tenants tenants, Revocations revocations, SecurityAudit audit)
{
    internal async Task RevokeAsync(AccessTokenClaims claims, CancellationToken cancellationToken)
    {
        if (await tenants.FindAsync(claims.Tenant, cancellationToken) is not { } tenant)
        {
            return;
        }

        DateTimeOffset until = DateTimeOffset.FromUnixTimeSeconds(claims.ExpiresAt);
        await database.WriteAsync(
            async session =>
            {
                await revocations.AppendAsync(session, tenant.TenantId, RevocationKind.Token, claims.TokenId, until);
                await audit.RecordAsync(
                    session, AuditEventKind.TokensRevoked, tenant.TenantId, AuditActor.Anonymous, $"token {claims.TokenId}");
            },
            cancellationToken);
    }
}
