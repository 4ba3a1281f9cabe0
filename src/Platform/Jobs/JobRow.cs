using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Jobs;

/// <summary>A row of either table.</summary>
internal sealed class JobRow
{
    public const string LiveColumns =
        "id, tenant_id, type, state, priority, ready_at, due_at, overrun, mode, attention, attempt, failures, crashes, worker_id, "
        + "created_at, started_at, cast(null as bigint) as finished_at, percent, message, error, cast(null as text) as result, "
        + "idempotency_key, payload";

    public const string HistoryColumns =
        "id, tenant_id, type, state, priority, ready_at, due_at, overrun, mode, 0 as attention, attempt, failures, crashes, worker_id, "
        + "created_at, started_at, finished_at, cast(null as smallint) as percent, cast(null as text) as message, error, result, "
        + "idempotency_key, payload";

    public Guid Id { get; set; }

    public int TenantId { get; set; }

    public string Type { get; set; } = "";

    public int State { get; set; }

    public int Priority { get; set; }

    public long ReadyAt { get; set; }

    public long? DueAt { get; set; }

    public int Overrun { get; set; }

    public int Mode { get; set; }

    public int Attention { get; set; }

    public int Attempt { get; set; }

    public int Failures { get; set; }

    public int Crashes { get; set; }

    public Guid? WorkerId { get; set; }

    public long CreatedAt { get; set; }

    public long? StartedAt { get; set; }

    public long? FinishedAt { get; set; }

    public int? Percent { get; set; }

    public string? Message { get; set; }

    public string? Error { get; set; }

    public string? Result { get; set; }

    public string? IdempotencyKey { get; set; }

    public string Payload { get; set; } = "";

    public JobInfo ToInfo() => new()
    {
        Id = Id,
        Tenant = new TenantId(TenantId),
        Type = Type,
        State = (JobState)State,
        Priority = Priority,
        Mode = (JobMode)Mode,
        IsOverrun = Overrun != 0,
        IsStopping = Attention != 0,
        Attempt = Attempt,
        Failures = Failures,
        Crashes = Crashes,
        CreatedAt = Instants.FromMicroseconds(CreatedAt),
        ReadyAt = Instants.FromMicroseconds(ReadyAt),
        DueAt = Instant(DueAt),
        StartedAt = Instant(StartedAt),
        FinishedAt = Instant(FinishedAt),
        Progress = Percent is { } percent ? new JobProgress(percent, Message) : null,
        Error = Error,
        Result = Result,
        IdempotencyKey = IdempotencyKey,
        Payload = Payload,
        WorkerId = WorkerId,
    };

    private static DateTimeOffset? Instant(long? microseconds) =>
        microseconds is { } value ? Instants.FromMicroseconds(value) : null;
}
