using Iskra.Platform.Audit;
using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Encryption;

/// <summary>
/// Erasure of a person's data by destroying the keys that sealed it (GDPR Art. 17; 152-FZ Art. 14, 21): wherever copies lie, backups
/// included, they can't be opened any more. Thread-safe.
/// </summary>
public sealed class SubjectKeys
{
    private readonly Database _database;
    private readonly ErasureShares _shares;
    private readonly DataKeyCache _cache;
    private readonly AuditLog _audit;
    private readonly EncryptionMetrics _metrics;
    private readonly TimeProvider _time;

    internal SubjectKeys(
        Database database, ErasureShares shares, DataKeyCache cache, AuditLog audit, EncryptionMetrics metrics, TimeProvider time)
    {
        _database = database;
        _shares = shares;
        _cache = cache;
        _audit = audit;
        _metrics = metrics;
        _time = time;
    }

    /// <summary>
    /// Destroys all keys of a subject. It returns when the erasure share is destroyed durably; a crash in between is finished by the next
    /// start. Other processes may still hold an unwrapped key for <see cref="EncryptionOptions.CacheTime"/>.
    /// </summary>
    public async Task<DestroyOutcome> DestroyAsync(TenantId tenant, SubjectId subject, CancellationToken cancellationToken)
    {
        AuditEntry entry = new(tenant, AuditEventKind.SubjectErased) { Subject = subject.Value };
        DestroyOutcome outcome = await _database.WriteAsync(session => MarkAsync(session, tenant, subject, entry), cancellationToken);
        _cache.Forget(tenant, subject.Value);
        if (outcome != DestroyOutcome.NotFound)
        {
            // Also when it was destroyed before: an erasure that a fault cut short is finished by asking again.
            await FinishAsync(cancellationToken);
        }

        return outcome;
    }

    /// <summary>Destroys the shares of keys that are marked as destroyed; gives how many.</summary>
    internal async Task<int> FinishAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<DataKeyRow> rows = await _database.ReadAsync(
            session => session.QueryAsync<DataKeyRow>(
                $"""
                select {DataKeyRow.Columns} from encryption_data_keys where destroyed_at is not null and share_destroyed_at is null
                """),
            cancellationToken);
        IErasureStore? store = rows.Count > 0 ? await _shares.StoreAsync(cancellationToken: cancellationToken) : null;
        foreach (DataKeyRow row in rows)
        {
            await store!.DestroyAsync(row.Slot, cancellationToken);
            await _database.WriteAsync(
                session => session.ExecuteAsync(
                    "update encryption_data_keys set share_destroyed_at = @now where id = @Id and tenant_id = @TenantId",
                    new { now = _time.NowMicroseconds(), row.Id, row.TenantId }),
                cancellationToken);
            _metrics.Destroyed();
        }

        return rows.Count;
    }

    private async Task<DestroyOutcome> MarkAsync(DbSession session, TenantId tenant, SubjectId subject, AuditEntry entry)
    {
        int marked = await session.ExecuteAsync(
            """
            update encryption_data_keys set wrapped = null, destroyed_at = @now
            where tenant_id = @tenant and subject = @subject and destroyed_at is null
            """,
            new { tenant = tenant.Value, subject = subject.Value, now = _time.NowMicroseconds() });
        if (marked > 0)
        {
            await _audit.AppendAsync(session, entry);
            return DestroyOutcome.Destroyed;
        }

        long known = await session.ScalarAsync<long>(
            "select count(*) from encryption_data_keys where tenant_id = @tenant and subject = @subject",
            new { tenant = tenant.Value, subject = subject.Value });
        return known > 0 ? DestroyOutcome.AlreadyDestroyed : DestroyOutcome.NotFound;
    }
}
