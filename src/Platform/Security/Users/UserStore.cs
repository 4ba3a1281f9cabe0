using System.Net;
using Iskra.Platform.Audit;
using Iskra.Platform.Data;
using Iskra.Platform.Security.Tokens;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Security.Users;

/// <summary>What of a user is to change; null leaves a field as it is.</summary>
internal sealed record UserChanges(
    string? DisplayName, IReadOnlyList<string>? Roles, IReadOnlyList<string>? Scopes, bool? IsDisabled);

/// <summary>The users, always within one tenant. A change of rights or password ends the tokens given before it. Thread-safe.</summary>
internal sealed class UserStore(Database database, Revocations revocations, RefreshTokens refreshTokens, SecurityAudit audit,
    TimeProvider time)
{
    private const string From = $"select {UserRow.Columns} from security_users u join tenants t on t.id = u.tenant_id";

    private const string Insert = """
        insert into security_users (id, tenant_id, login, login_key, display_name, password_hash, roles, scopes, stamp, created_at,
          password_changed_at)
        values (@Id, @Tenant, @Login, @LoginKey, @DisplayName, @PasswordHash, @Roles, @Scopes, 1, @Now, @PasswordChangedAt)
        on conflict (tenant_id, login_key) do nothing
        """;

    /// <summary>Makes a user; null when the tenant has one with this login.</summary>
    internal Task<User?> CreateAsync(
        TenantId tenant,
        string login,
        string displayName,
        IReadOnlyList<string> roles,
        IReadOnlyList<string> scopes,
        string? passwordHash,
        Caller? by,
        CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        Guid id = Guid.CreateVersion7(now);
        long at = Instants.ToMicroseconds(now);
        return database.WriteAsync(
            async session =>
            {
                int rows = await session.ExecuteAsync(
                    Insert,
                    new
                    {
                        Id = id,
                        Tenant = tenant.Value,
                        Login = login.Trim(),
                        LoginKey = UserRules.LoginKey(login),
                        DisplayName = displayName,
                        PasswordHash = passwordHash,
                        Roles = Scopes.Join(roles),
                        Scopes = Scopes.Join(scopes),
                        Now = at,
                        PasswordChangedAt = passwordHash is null ? (long?)null : at,
                    });
                if (rows == 0)
                {
                    return null;
                }

                await audit.RecordAsync(session, AuditEventKind.UserCreated, tenant, by, Target(id));
                return (await ReadAsync(session, tenant, id))?.ToUser();
            },
            cancellationToken);
    }

    /// <summary>The tenant's users, newest first, from <paramref name="before"/> (not included) on.</summary>
    internal async Task<IReadOnlyList<User>> ListAsync(TenantId tenant, Guid? before, int limit, CancellationToken cancellationToken)
    {
        string older = before is null ? "" : "and u.id < @Before";
        IReadOnlyList<UserRow> rows = await database.ReadAsync(
            session => session.QueryAsync<UserRow>(
                $"{From} where u.tenant_id = @Tenant {older} order by u.id desc limit @Limit",
                new { Tenant = tenant.Value, Before = before ?? Guid.Empty, Limit = limit }),
            cancellationToken);
        return [.. rows.Select(row => row.ToUser())];
    }

    internal Task<UserRow?> FindAsync(TenantId tenant, Guid id, CancellationToken cancellationToken) =>
        database.ReadAsync(session => ReadAsync(session, tenant, id), cancellationToken);

    internal Task<UserRow?> FindByLoginAsync(TenantId tenant, string login, CancellationToken cancellationToken) => database.ReadAsync(
        session => session.QuerySingleOrDefaultAsync<UserRow>(
            $"{From} where u.tenant_id = @Tenant and u.login_key = @Key",
            new { Tenant = tenant.Value, Key = UserRules.LoginKey(login) }),
        cancellationToken);

    /// <summary>Who signs in: the one query that is given a tenant by its short name.</summary>
    internal Task<UserRow?> FindByLoginAsync(string tenantSlug, string login, CancellationToken cancellationToken) => database.ReadAsync(
        session => session.QuerySingleOrDefaultAsync<UserRow>(
            $"{From} where u.tenant_id = (select id from tenants where slug = @Slug) and u.login_key = @Key",
            new { Slug = tenantSlug, Key = UserRules.LoginKey(login) }),
        cancellationToken);

    /// <summary>Changes a user; null when the tenant has none with this id.</summary>
    internal Task<User?> ChangeAsync(TenantId tenant, Guid id, UserChanges changes, Caller? by, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async session =>
            {
                if (await ReadAsync(session, tenant, id) is not { } row)
                {
                    return null;
                }

                string roles = changes.Roles is null ? row.Roles : Scopes.Join(changes.Roles);
                string scopes = changes.Scopes is null ? row.Scopes : Scopes.Join(changes.Scopes);
                bool disables = changes.IsDisabled == true && row.DisabledAt is null;
                bool enables = changes.IsDisabled == false && row.DisabledAt is not null;
                bool endsTokens = disables || roles != row.Roles || scopes != row.Scopes;
                await session.ExecuteAsync(
                    """
                    update security_users set display_name = @DisplayName, roles = @Roles, scopes = @Scopes, disabled_at = @DisabledAt,
                      stamp = stamp + @Step
                    where tenant_id = @Tenant and id = @Id
                    """,
                    new
                    {
                        Tenant = tenant.Value,
                        Id = id,
                        DisplayName = changes.DisplayName ?? row.DisplayName,
                        Roles = roles,
                        Scopes = scopes,
                        DisabledAt = disables ? time.NowMicroseconds() : enables ? null : row.DisabledAt,
                        Step = endsTokens ? 1 : 0,
                    });
                if (disables)
                {
                    await EndSessionsAsync(session, tenant, id, FamilyEnd.UserDisabled);
                }

                await revocations.AppendAsync(session, tenant, RevocationKind.User, id);
                AuditEventKind action = disables ? AuditEventKind.UserDisabled
                    : roles != row.Roles || scopes != row.Scopes ? AuditEventKind.RoleAssignmentChanged : AuditEventKind.UserChanged;
                await audit.RecordAsync(session, action, tenant, by, Target(id));
                return (await ReadAsync(session, tenant, id))?.ToUser();
            },
            cancellationToken);

    /// <summary>Sets a password, and ends the user's sessions and tokens. False when the tenant has no such user.</summary>
    internal Task<bool> SetPasswordAsync(TenantId tenant, Guid id, string passwordHash, Caller? by, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async session =>
            {
                int rows = await session.ExecuteAsync(
                    """
                    update security_users set password_hash = @Hash, password_changed_at = @Now, stamp = stamp + 1
                    where tenant_id = @Tenant and id = @Id
                    """,
                    new { Tenant = tenant.Value, Id = id, Hash = passwordHash, Now = time.NowMicroseconds() });
                if (rows == 0)
                {
                    return false;
                }

                await EndSessionsAsync(session, tenant, id, FamilyEnd.PasswordChanged);
                await revocations.AppendAsync(session, tenant, RevocationKind.User, id);
                await audit.RecordAsync(session, AuditEventKind.UserPasswordChanged, tenant, by, Target(id));
                return true;
            },
            cancellationToken);

    /// <summary>Notes a sign-in, with the same password hashed with more rounds when the old hash was weak, and gives the user as a
    /// caller.</summary>
    internal Task<Caller> SignedInAsync(UserRow user, string? rehashed, CancellationToken cancellationToken) => database.WriteAsync(
        async session =>
        {
            await session.ExecuteAsync(
                """
                update security_users set last_sign_in_at = @Now, password_hash = coalesce(@Rehashed, password_hash)
                where tenant_id = @Tenant and id = @Id and password_hash = @Old
                """,
                new
                {
                    Tenant = user.TenantId,
                    user.Id,
                    Now = time.NowMicroseconds(),
                    Rehashed = rehashed,
                    Old = user.PasswordHash,
                });
            Caller caller = await RoleStore.ToCallerAsync(session, user, CallerKind.Session);
            await audit.RecordAsync(session, AuditEventKind.SignedIn, user.Tenant, caller, Target(user.Id));
            return caller;
        },
        cancellationToken);

    /// <summary>Of an unknown login nobody knows whose it is: the attempt goes to the default tenant's trail. The limits bound how many
    /// there are.</summary>
    internal Task SignInFailedAsync(TenantId tenant, Guid? user, IPAddress? address, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => audit.RecordAsync(
                session,
                AuditEventKind.SignInFailed,
                tenant,
                AuditActor.Anonymous,
                user is { } id ? Target(id) : null,
                new Dictionary<string, string> { ["address"] = address?.ToString() ?? "" }),
            cancellationToken);

    private static string Target(Guid id) => $"user {id}";

    private static Task<UserRow?> ReadAsync(DbSession session, TenantId tenant, Guid id) =>
        session.QuerySingleOrDefaultAsync<UserRow>(
            $"{From} where u.tenant_id = @Tenant and u.id = @Id", new { Tenant = tenant.Value, Id = id });

    private async Task EndSessionsAsync(DbSession session, TenantId tenant, Guid id, FamilyEnd reason)
    {
        await session.ExecuteAsync(
            "delete from security_sessions where tenant_id = @Tenant and user_id = @Id", new { Tenant = tenant.Value, Id = id });
        await refreshTokens.RevokeOfUserAsync(session, tenant, id, reason);
    }
}
