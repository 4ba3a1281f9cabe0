using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Jobs;

/// <summary>A job to be enqueued.</summary>
public sealed record JobRequest
{
    /// <summary>The lowest priority.</summary>
    public const int PriorityMin = -10;

    /// <summary>The highest priority.</summary>
    public const int PriorityMax = 10;

    /// <summary>Longest idempotency key, in characters.</summary>
    public const int IdempotencyKeyLengthMax = 200;

    /// <summary>A type that was registered with <see cref="JobsRegistration.AddJobType{THandler}"/>.</summary>
    public required string Type { get; init; }

    /// <summary>JSON for the handler, at most <see cref="JobsOptions.PayloadLengthMax"/> characters. Stored in clear: no secrets.</summary>
    public string Payload { get; init; } = "{}";

    /// <summary>Whose job it is.</summary>
    public TenantId Tenant { get; init; } = TenantId.Default;

    /// <summary>
    /// From <see cref="PriorityMin"/> to <see cref="PriorityMax"/>. One step counts like having been enqueued
    /// <see cref="JobsOptions.AgingStep"/> earlier, so a low priority waits longer but never for ever.
    /// </summary>
    public int Priority { get; init; }

    /// <summary>Not before this instant; null: at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>
    /// Makes a repeat harmless: within a tenant and a type, the same key answers with the first job's id. 1 to
    /// <see cref="IdempotencyKeyLengthMax"/> printable characters; null: none.
    /// </summary>
    public string? IdempotencyKey { get; init; }
}
