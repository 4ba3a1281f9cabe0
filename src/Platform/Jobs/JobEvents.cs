using System.Text.Json;
using Iskra.Platform.Events;

namespace Iskra.Platform.Jobs;

/// <summary>The events of this capability. Their key is the job's id; their payload never holds the job's.</summary>
internal static class JobEvents
{
    private const int SchemaVersion = 1;

    /// <summary>A job is over its type's maximum: <c>jobs.deadline.warned</c>, <c>.simplified</c>, <c>.fallback</c>, <c>.asked</c> or
    /// <c>.admin-notified</c>.</summary>
    public static DomainEvent Overrun(Guid jobId, int tenantId, string type, OverrunAction action, JobState state)
    {
        string name = action switch
        {
            OverrunAction.RetrySimplified => "simplified",
            OverrunAction.Fallback => "fallback",
            OverrunAction.StopAndAsk => "asked",
            OverrunAction.NotifyAdmin => "admin-notified",
            _ => "warned",
        };
        return Create("jobs.deadline." + name, jobId, tenantId, type, state);
    }

    /// <summary>A job has failed for the last time (<c>jobs.job.dead</c>) or is quarantined (<c>jobs.job.quarantined</c>).</summary>
    public static DomainEvent Lost(Guid jobId, int tenantId, string type, JobState state) =>
        Create(state == JobState.Quarantined ? "jobs.job.quarantined" : "jobs.job.dead", jobId, tenantId, type, state);

    private static DomainEvent Create(string name, Guid jobId, int tenantId, string type, JobState state) => new(
        name,
        SchemaVersion,
        jobId.ToString(),
        JsonSerializer.Serialize(new Content(jobId, tenantId, type, state.ToString()), Options));

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    private sealed record Content(Guid JobId, int Tenant, string Type, string State);
}
