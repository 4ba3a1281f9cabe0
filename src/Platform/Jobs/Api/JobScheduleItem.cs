using System.ComponentModel;
using Iskra.Platform.Jobs.Schedules;

namespace Iskra.Platform.Jobs.Api;

/// <summary>A schedule as the API shows it.</summary>
public sealed record JobScheduleItem(
    string Name,
    string Type,
    [property: Description("Five fields: minute, hour, day of month, month, day of week.")] string Cron,
    [property: Description("IANA name.")] string TimeZone,
    bool IsEnabled,
    DateTimeOffset? NextAt,
    DateTimeOffset? LastAt,
    Guid? LastJobId)
{
    internal static JobScheduleItem From(JobSchedule schedule) => new(
        schedule.Name,
        schedule.Type,
        schedule.Cron,
        schedule.TimeZone,
        schedule.IsEnabled,
        schedule.NextAt,
        schedule.LastAt,
        schedule.LastJobId);
}

/// <summary>A tenant's schedules, by name.</summary>
public sealed record JobScheduleList(IReadOnlyList<JobScheduleItem> Items);
