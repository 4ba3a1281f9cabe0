namespace Iskra.Platform.Jobs.Storage;

/// <summary>A job that this process has taken. <paramref name="Attempt"/> is its fencing token: each claim gets a new one.</summary>
internal sealed record ClaimedJob(
    Guid Id,
    int TenantId,
    string Type,
    int Priority,
    long OrderAt,
    long ReadyAt,
    long? DueAt,
    bool IsOverrun,
    JobMode Mode,
    int Attempt,
    int Failures,
    int Crashes,
    long CreatedAt,
    string Payload);
