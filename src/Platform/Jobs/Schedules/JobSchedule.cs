using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Jobs.Schedules;

/// <summary>A job that is enqueued again and again. A time that was missed, while no process ran, is made up for once.</summary>
public sealed record JobSchedule
{
    /// <summary>Whose jobs.</summary>
    public TenantId Tenant { get; init; } = TenantId.Default;

    /// <summary>Unique within the tenant, 1 to 100 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The type of the jobs.</summary>
    public required string Type { get; init; }

    /// <summary>When; see <see cref="CronExpression"/>.</summary>
    public required string Cron { get; init; }

    /// <summary>The IANA name of the zone that <see cref="Cron"/> is meant in.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>Each job's JSON.</summary>
    public string Payload { get; init; } = "{}";

    /// <summary>Each job's priority.</summary>
    public int Priority { get; init; }

    /// <summary>Whether it runs.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>The next time; null when disabled. Set by the store.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>The last time for which a job was enqueued. Set by the store.</summary>
    public DateTimeOffset? LastAt { get; init; }

    /// <summary>The last job. Set by the store.</summary>
    public Guid? LastJobId { get; init; }
}
