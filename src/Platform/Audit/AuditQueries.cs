using System.Runtime.CompilerServices;
using System.Text.Json;
using Iskra.Platform.Data;
using Iskra.Platform.Encryption;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Audit;

/// <summary>Searches a tenant's trail. Thread-safe.</summary>
internal sealed class AuditQueries(Database database, FieldCipher cipher, AuditLinker linker)
{
    private const int ExportBatchSize = 500;

    /// <summary>Newest first, from <paramref name="before"/> (not included) on. What was committed before the call is found.</summary>
    public async Task<IReadOnlyList<AuditItem>> SearchAsync(
        TenantId tenant, AuditFilter filter, long? before, int limit, CancellationToken cancellationToken)
    {
        await linker.LinkAsync(cancellationToken);
        return await database.ReadAsync(
            session => ReadAsync(session, tenant, filter, "sequence < @Place", "desc", before ?? long.MaxValue, limit), cancellationToken);
    }

    /// <summary>Oldest first, in batches: the trail is never held in memory.</summary>
    public async IAsyncEnumerable<AuditItem> ExportAsync(
        TenantId tenant, AuditFilter filter, long entriesMax, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await linker.LinkAsync(cancellationToken);
        long place = 0;
        int limit = ExportBatchSize;
        while (entriesMax > 0)
        {
            limit = (int)Math.Min(limit, entriesMax);
            IReadOnlyList<AuditItem> items = await database.ReadAsync(
                session => ReadAsync(session, tenant, filter, "sequence > @Place", "asc", place, limit), cancellationToken);
            foreach (AuditItem item in items)
            {
                yield return item;
                place = item.Sequence;
            }

            entriesMax = items.Count < limit ? 0 : entriesMax - items.Count;
        }
    }

    public Task<IReadOnlyList<AuditCheckpoint>> CheckpointsAsync(
        TenantId tenant, long? before, int limit, CancellationToken cancellationToken) => database.ReadAsync(
        session => session.QueryAsync<AuditCheckpoint>(
            """
            select tenant_id, sequence, hash, created_at, key_id, signature from audit_checkpoints
            where tenant_id = @tenant and sequence < @before order by sequence desc limit @limit
            """,
            new { tenant = tenant.Value, before = before ?? long.MaxValue, limit }),
        cancellationToken);

    public Task<IReadOnlyDictionary<int, byte[]>> PublicKeysAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(AuditSigningKeys.PublicKeysAsync, cancellationToken);

    private async Task<IReadOnlyList<AuditItem>> ReadAsync(
        DbSession session, TenantId tenant, AuditFilter filter, string place, string order, long from, int limit)
    {
        IReadOnlyList<AuditRow> rows = await session.QueryAsync<AuditRow>(
            $"""
            select {AuditRow.Columns}, sequence, hash from audit_entries
            where tenant_id = @Tenant and {place}{filter.Sql} order by sequence {order} limit @Limit
            """,
            new
            {
                Tenant = tenant.Value,
                Place = from,
                filter.From,
                filter.To,
                Kind = (int?)filter.Kind,
                filter.Actor,
                filter.Subject,
                Limit = limit,
            });
        List<AuditItem> items = [];
        foreach (AuditRow row in rows)
        {
            items.Add(await OpenAsync(session, tenant, row));
        }

        return items;
    }

    private async Task<AuditItem> OpenAsync(DbSession session, TenantId tenant, AuditRow row)
    {
        OpenedValue opened = row.Details is null
            ? new OpenedValue(false, [])
            : await cipher.OpenAsync(session, FieldAddress.Of(tenant, AuditLog.DetailsField, row.Id), row.Details);
        return new AuditItem(
            row.Sequence,
            row.Id,
            Instants.FromMicroseconds(row.OccurredAt),
            AuditEventNames.Of(row.Kind),
            ((AuditActorKind)row.ActorKind).ToString().ToLowerInvariant(),
            row.Actor,
            row.Subject,
            row.Target,
            opened.Bytes.Length > 0 ? JsonSerializer.Deserialize<Dictionary<string, string>>(opened.Bytes) : null,
            opened.IsErased,
            Convert.ToHexStringLower(row.Hash));
    }
}
