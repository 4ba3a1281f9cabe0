using Iskra.Platform.Audit;
using Iskra.Platform.Data;
using Iskra.Platform.Security.Tokens;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Security.Users;

/// <summary>How the removal of a role ended.</summary>
internal enum RoleRemoval
{
    Removed = 0,
    NotFound = 1,
    InUse = 2,
    BuiltIn = 3,
}

/// <summary>The tenants' roles. A change of a role changes what its users can do at once.</summary>
internal sealed class RoleStore(Database database, Revocations revocations, SecurityAudit audit, TimeProvider time)
{
    internal const int RolesMax = 100;

    private const string Select = "select name, description, scopes from security_roles where tenant_id = @Tenant order by name";

    internal Task<IReadOnlyList<Role>> ListAsync(TenantId tenant, CancellationToken cancellationToken) =>
        database.ReadAsync(session => ListAsync(session, tenant), cancellationToken);

    /// <summary>Makes a role or changes it; false when the tenant has as many as it may have.</summary>
    internal Task<bool> PutAsync(TenantId tenant, Role role, Caller? by, CancellationToken cancellationToken) => database.WriteAsync(
        async session =>
        {
            var values = new
            {
                Tenant = tenant.Value,
                role.Name,
                role.Description,
                Scopes = Scopes.Join(role.Scopes),
                Now = time.NowMicroseconds(),
            };
            int changed = await session.ExecuteAsync(
                """
                update security_roles set description = @Description, scopes = @Scopes where tenant_id = @Tenant and name = @Name
                """,
                values);
            if (changed == 0)
            {
                int added = await session.ExecuteAsync(
                    $"""
                    insert into security_roles (tenant_id, name, description, scopes, created_at)
                    select @Tenant, @Name, @Description, @Scopes, @Now
                    where (select count(*) from security_roles where tenant_id = @Tenant) < {RolesMax}
                    on conflict (tenant_id, name) do update set description = excluded.description, scopes = excluded.scopes
                    """,
                    values);
                if (added == 0)
                {
                    return false;
                }
            }

            await EndTokensAsync(session, tenant, role.Name);
            AuditEventKind kind = changed == 0 ? AuditEventKind.RoleCreated : AuditEventKind.RoleChanged;
            await audit.RecordAsync(session, kind, tenant, by, $"role {role.Name}");
            return true;
        },
        cancellationToken);

    internal Task<RoleRemoval> RemoveAsync(TenantId tenant, string name, Caller? by, CancellationToken cancellationToken)
    {
        if (BuiltInRoles.Find(name) is not null)
        {
            return Task.FromResult(RoleRemoval.BuiltIn);
        }

        return database.WriteAsync(
            async session =>
            {
                if ((await UsersWithAsync(session, tenant, name)).Count > 0)
                {
                    return RoleRemoval.InUse;
                }

                int removed = await session.ExecuteAsync(
                    "delete from security_roles where tenant_id = @Tenant and name = @Name", new { Tenant = tenant.Value, Name = name });
                if (removed == 0)
                {
                    return RoleRemoval.NotFound;
                }

                await audit.RecordAsync(session, AuditEventKind.RoleDeleted, tenant, by, $"role {name}");
                return RoleRemoval.Removed;
            },
            cancellationToken);
    }

    internal static async Task<IReadOnlyList<Role>> ListAsync(DbSession session, TenantId tenant)
    {
        IReadOnlyList<RoleRow> rows = await session.QueryAsync<RoleRow>(Select, new { Tenant = tenant.Value });
        return [.. BuiltInRoles.All, .. rows.Select(row => row.ToRole())];
    }

    /// <summary>The user as a caller, with the scopes of their roles.</summary>
    internal static async Task<Caller> ToCallerAsync(DbSession session, UserRow user, CallerKind kind)
    {
        string[] roles = Scopes.Split(user.Roles);
        IReadOnlyList<Role> known = Array.TrueForAll(roles, name => BuiltInRoles.Find(name) is not null)
            ? BuiltInRoles.All
            : await ListAsync(session, user.Tenant);
        IEnumerable<string> ofRoles = known.Where(role => roles.Contains(role.Name)).SelectMany(role => role.Scopes);
        string[] scopes = [.. Scopes.Split(user.Scopes).Concat(ofRoles).Distinct().Order(StringComparer.Ordinal)];
        return new Caller(kind, user.Tenant, user.TenantSlug, user.DisplayName, scopes, roles)
        {
            UserId = user.Id,
            Prefix = user.Login,
            Stamp = user.Stamp,
            ExpiresAt = UserRow.Instant(user.SessionExpiresAt),
        };
    }

    /// <summary>Access tokens name scopes: those given before the change end with it, and their clients refresh them.</summary>
    private async Task EndTokensAsync(DbSession session, TenantId tenant, string role)
    {
        foreach (Guid user in await UsersWithAsync(session, tenant, role))
        {
            await session.ExecuteAsync(
                "update security_users set stamp = stamp + 1 where tenant_id = @Tenant and id = @Id",
                new { Tenant = tenant.Value, Id = user });
            await revocations.AppendAsync(session, tenant, RevocationKind.User, user);
        }
    }

    /// <summary>A role's name holds nothing that <c>like</c> reads as a pattern.</summary>
    private static Task<IReadOnlyList<Guid>> UsersWithAsync(DbSession session, TenantId tenant, string role) =>
        session.QueryAsync<Guid>(
            "select id from security_users where tenant_id = @Tenant and (' ' || roles || ' ') like @Like",
            new { Tenant = tenant.Value, Like = $"% {role} %" });
}
