using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;

namespace Iskra.Modules.Cards.Import;

/// <summary>
/// How far each file got, so that a run that was broken off goes on there. A hint only: the transfers' ids are what keeps a row from
/// being posted twice.
/// </summary>
internal sealed class ImportCheckpoints
{
    private const string Upsert = """
        insert into cards_imports (tenant_id, fingerprint, rows_done, posted, existing, rejected, accounts, funded, updated_at,
            finished_at)
        values (@tenant, @fingerprint, @Rows, @Posted, @Existing, @Rejected, @Accounts, @Funded, @now, @finishedAt)
        on conflict (tenant_id, fingerprint) do update set rows_done = excluded.rows_done,
            posted = excluded.posted, existing = excluded.existing,
            rejected = excluded.rejected, accounts = excluded.accounts, funded = excluded.funded, updated_at = excluded.updated_at,
            finished_at = excluded.finished_at
        """;

    private readonly Database _database;
    private readonly TenantId _tenant;
    private readonly TimeProvider _time;

    public ImportCheckpoints(Database database, TenantId tenant, TimeProvider time)
    {
        _tenant = tenant;
        _database = database;
        _time = time;
    }

    public Task<ImportSummary?> FindAsync(byte[] fingerprint, CancellationToken cancellationToken) => _database.ReadAsync(
        session => session.QuerySingleOrDefaultAsync<ImportSummary>(
            """
            select rows_done as rows, posted, existing, rejected, accounts, funded from cards_imports
            where tenant_id = @tenant and fingerprint = @fingerprint
            """,
            new { tenant = _tenant.Value, fingerprint }),
        cancellationToken);

    public Task SaveAsync(byte[] fingerprint, ImportSummary done, bool finished, CancellationToken cancellationToken)
    {
        long now = Instants.ToMicroseconds(_time.GetUtcNow());
        return _database.WriteAsync(
            async session => await session.ExecuteAsync(
                Upsert,
                new
                {
                    tenant = _tenant.Value,
                    fingerprint,
                    done.Rows,
                    done.Posted,
                    done.Existing,
                    done.Rejected,
                    done.Accounts,
                    done.Funded,
                    now,
                    finishedAt = finished ? now : (long?)null,
                }),
            cancellationToken);
    }
}
