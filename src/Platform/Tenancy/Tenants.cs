using Iskra.Platform.Audit;
using Iskra.Platform.Data;
using Iskra.Platform.Security;
using Iskra.Platform.Security.Tokens;

namespace Iskra.Platform.Tenancy;

/// <summary>The tenants: made, listed, renamed, disabled. Thread-safe.</summary>
public sealed class Tenants
{
    private const string Select = $"select {TenantRow.Columns} from tenants";

    private readonly Database _database;
    private readonly Revocations _revocations;
    private readonly SecurityAudit _audit;
    private readonly TimeProvider _time;

    internal Tenants(Database database, Revocations revocations, SecurityAudit audit, TimeProvider time)
    {
        _database = database;
        _revocations = revocations;
        _audit = audit;
        _time = time;
    }

    /// <summary>Every tenant, disabled ones too, by number: for work that is done for each of them.</summary>
    public async Task<IReadOnlyList<Tenant>> ListAsync(int after, int limit, CancellationToken cancellationToken)
    {
        IReadOnlyList<TenantRow> rows = await _database.ReadAsync(
            session => session.QueryAsync<TenantRow>(
                $"{Select} where id > @After order by id limit @Limit", new { After = after, Limit = limit }),
            cancellationToken);
        return [.. rows.Select(row => row.ToTenant())];
    }

    /// <summary>The tenant with this number; null when there is none.</summary>
    public Task<Tenant?> FindAsync(TenantId id, CancellationToken cancellationToken) => _database.ReadAsync(
        session => FindAsync(session, id), cancellationToken);

    /// <summary>The tenant with this short name; null when there is none.</summary>
    public Task<Tenant?> FindAsync(string slug, CancellationToken cancellationToken) => _database.ReadAsync(
        async session => (await session.QuerySingleOrDefaultAsync<TenantRow>($"{Select} where slug = @Slug", new { Slug = slug }))
            ?.ToTenant(),
        cancellationToken);

    /// <summary>Makes a tenant; null when there is one with this slug.</summary>
    internal Task<Tenant?> CreateAsync(string slug, string name, Caller? by, CancellationToken cancellationToken) => _database.WriteAsync(
        async session =>
        {
            if (session.Engine == DatabaseEngine.Postgres)
            {
                // Numbers are given in order, so those who make tenants do it one after the other; readers aren't held up.
                await session.ExecuteAsync("lock table tenants in share row exclusive mode");
            }

            if (await session.QuerySingleOrDefaultAsync<TenantRow>($"{Select} where slug = @Slug", new { Slug = slug }) is not null)
            {
                return null;
            }

            await session.ExecuteAsync(
                """
                insert into tenants (id, slug, name, created_at) select max(id) + 1, @Slug, @Name, @Now from tenants
                """,
                new { Slug = slug, Name = name, Now = _time.NowMicroseconds() });
            TenantRow row = (await session.QuerySingleOrDefaultAsync<TenantRow>($"{Select} where slug = @Slug", new { Slug = slug }))!;
            await _audit.RecordAsync(session, AuditEventKind.TenantCreated, new TenantId(row.Id), by, $"tenant {row.Id}");
            return row.ToTenant();
        },
        cancellationToken);

    /// <summary>Renames; null when there is no such tenant.</summary>
    internal Task<Tenant?> RenameAsync(TenantId id, string name, Caller? by, CancellationToken cancellationToken) => _database.WriteAsync(
        async session =>
        {
            int rows = await session.ExecuteAsync("update tenants set name = @Name where id = @Id", new { Id = id.Value, Name = name });
            if (rows > 0)
            {
                await _audit.RecordAsync(session, AuditEventKind.TenantChanged, id, by, $"tenant {id}");
            }

            return await FindAsync(session, id);
        },
        cancellationToken);

    /// <summary>
    /// Disables or enables; null when there is no such tenant. Of a disabled one no key, session or token works: at once in this process,
    /// within seconds in others.
    /// </summary>
    /// <exception cref="ArgumentException">The default tenant can't be disabled.</exception>
    internal Task<Tenant?> SetDisabledAsync(TenantId id, bool isDisabled, Caller? by, CancellationToken cancellationToken)
    {
        if (id == TenantId.Default && isDisabled)
        {
            throw new ArgumentException("The default tenant can't be disabled.", nameof(id));
        }

        return _database.WriteAsync(
            async session =>
            {
                string sql = isDisabled
                    ? "update tenants set disabled_at = @Now where id = @Id and disabled_at is null"
                    : "update tenants set disabled_at = null where id = @Id and disabled_at is not null";
                if (await session.ExecuteAsync(sql, new { Id = id.Value, Now = _time.NowMicroseconds() }) > 0)
                {
                    await _revocations.AppendAsync(session, id, RevocationKind.Tenant, Guid.Empty);
                    AuditEventKind action = isDisabled ? AuditEventKind.TenantDisabled : AuditEventKind.TenantChanged;
                    await _audit.RecordAsync(session, action, id, by, $"tenant {id}");
                }

                return await FindAsync(session, id);
            },
            cancellationToken);
    }

    private static async Task<Tenant?> FindAsync(DbSession session, TenantId id) =>
        (await session.QuerySingleOrDefaultAsync<TenantRow>($"{Select} where id = @Id", new { Id = id.Value }))?.ToTenant();
}
