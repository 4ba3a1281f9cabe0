namespace Iskra.Platform.Audit;

/// <summary>A row of <c>audit_entries</c>, or of <c>audit_pending</c> while <see cref="Sequence"/> is 0.</summary>
internal sealed class AuditRow
{
    public const string Columns = "tenant_id, id, occurred_at, kind, actor_kind, actor, subject, target, details";

    /// <summary>Of <c>audit_pending</c> alone.</summary>
    public long Position { get; set; }

    public int TenantId { get; set; }

    /// <summary>From 1 on, without gaps, within a tenant.</summary>
    public long Sequence { get; set; }

    public Guid Id { get; set; }

    public long OccurredAt { get; set; }

    public int Kind { get; set; }

    public int ActorKind { get; set; }

    public string Actor { get; set; } = "";

    public string? Subject { get; set; }

    public string? Target { get; set; }

    /// <summary>Sealed; null when there are none.</summary>
    public byte[]? Details { get; set; }

    public byte[] Hash { get; set; } = [];
}
