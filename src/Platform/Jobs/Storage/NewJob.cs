namespace Iskra.Platform.Jobs.Storage;

/// <summary>A checked request on its way into the table.</summary>
internal sealed record NewJob
{
    public required Guid Id { get; init; }

    public required int TenantId { get; init; }

    public required string Type { get; init; }

    public required JobState State { get; init; }

    public required int Priority { get; init; }

    public required long OrderAt { get; init; }

    public required long ReadyAt { get; init; }

    public required long? DueAt { get; init; }

    public required long CreatedAt { get; init; }

    public required string? IdempotencyKey { get; init; }

    public required string Payload { get; init; }

    /// <summary>SHA-256 of the payload; only with a key.</summary>
    public byte[]? PayloadHash { get; init; }
}
