namespace Iskra.Platform.Audit;

/// <summary>A row of <c>audit_heads</c>: where a tenant's chain ends, and up to where checkpoints cover it.</summary>
internal sealed class AuditHead
{
    public const string Columns = "tenant_id, sequence, hash, checkpoint_sequence, checkpoint_at";

    public int TenantId { get; set; }

    public long Sequence { get; set; }

    public byte[] Hash { get; set; } = [];

    public long CheckpointSequence { get; set; }

    /// <summary>When the last checkpoint was made, or the first entry after it was linked, whichever is later.</summary>
    public long CheckpointAt { get; set; }
}
