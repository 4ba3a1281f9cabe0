namespace Iskra.Platform.Sagas;

/// <summary>A row of <c>sagas</c>.</summary>
internal sealed class SagaRow
{
    public Guid Id { get; set; }

    public int TenantId { get; set; }

    public string Name { get; set; } = "";

    public int Version { get; set; }

    public string? IdempotencyKey { get; set; }

    public string State { get; set; } = "";

    public int Status { get; set; }

    /// <summary>The step that is executed or undone next.</summary>
    public int Step { get; set; }

    /// <summary>Attempts at it that have begun, the current one included.</summary>
    public int Attempt { get; set; }

    public long DueAt { get; set; }

    public long? DeadlineAt { get; set; }

    public long Epoch { get; set; }

    public int? Reason { get; set; }

    public string? ErrorKind { get; set; }

    public string? ErrorStep { get; set; }

    public long CreatedAt { get; set; }

    public long UpdatedAt { get; set; }

    public long? FinishedAt { get; set; }

    public bool IsActive => Status is (int)SagaStatus.Running or (int)SagaStatus.Compensating;

    public SagaRow Copy() => (SagaRow)MemberwiseClone();
}
