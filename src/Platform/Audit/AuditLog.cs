using System.Text.Json;
using Iskra.Platform.Data;
using Iskra.Platform.Encryption;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Audit;

/// <summary>
/// Writes the audit trail: an entry is committed with the change that it tells of, or not at all. A moment later it is linked into its
/// tenant's hash chain. Thread-safe.
/// </summary>
public sealed class AuditLog
{
    /// <summary>The details of one entry as JSON; more is misuse.</summary>
    internal const int DetailsSizeMax = 16 * 1024;

    internal static readonly FieldName DetailsField = new("audit_entries", "details");

    private const string Insert = """
        insert into audit_pending (id, tenant_id, occurred_at, kind, actor_kind, actor, subject, target, details)
        values (@Id, @Tenant, @OccurredAt, @Kind, @ActorKind, @Actor, @Subject, @Target, @Details)
        """;

    private readonly FieldCipher _cipher;
    private readonly AuditSignal _signal;
    private readonly AuditMetrics _metrics;
    private readonly TimeProvider _time;

    internal AuditLog(FieldCipher cipher, AuditSignal signal, AuditMetrics metrics, TimeProvider time)
    {
        _cipher = cipher;
        _signal = signal;
        _metrics = metrics;
        _time = time;
    }

    /// <summary>Writes an entry in the caller's transaction.</summary>
    /// <exception cref="ArgumentException">An id is too long, or the details exceed 16 KiB.</exception>
    public async Task AppendAsync(DbSession session, AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(entry);
        Check(entry.Actor.Id);
        Check(entry.Subject);
        Check(entry.Target);
        DateTimeOffset now = _time.GetUtcNow();
        Guid id = Guid.CreateVersion7(now);
        await session.ExecuteAsync(
            Insert,
            new
            {
                Id = id,
                Tenant = entry.Tenant.Value,
                OccurredAt = Instants.ToMicroseconds(now),
                Kind = (int)entry.Kind,
                ActorKind = (int)entry.Actor.Kind,
                Actor = entry.Actor.Id,
                entry.Subject,
                entry.Target,
                Details = await SealAsync(session, entry, id),
            });
        session.OnCommitted(_signal.Set);
        _metrics.Appended();
    }

    private static void Check(string? id)
    {
        if (id?.Length > AuditEntry.IdLengthMax)
        {
            throw new ArgumentException($"An id in an audit entry has at most {AuditEntry.IdLengthMax} characters.");
        }
    }

    private async Task<byte[]?> SealAsync(DbSession session, AuditEntry entry, Guid id)
    {
        if (entry.Details.Count == 0)
        {
            return null;
        }

        byte[] json = JsonSerializer.SerializeToUtf8Bytes(entry.Details);
        if (json.Length > DetailsSizeMax)
        {
            throw new ArgumentException($"The details of an audit entry have at most {DetailsSizeMax} bytes.");
        }

        FieldAddress address = FieldAddress.Of(entry.Tenant, DetailsField, id);
        SubjectId? subject = SubjectId.IsValid(entry.Subject) ? new SubjectId(entry.Subject!) : null;
        try
        {
            return await _cipher.SealAsync(session, address, subject, json);
        }
        catch (SubjectErasedException)
        {
            // What happens after an erasure must be provable too, but may say no more than the columns do.
            return null;
        }
    }
}
