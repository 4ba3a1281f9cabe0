using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Jobs.Schedules;

/// <summary>The stored schedules, and what runs them: each due time gives one job, however many processes look. Thread-safe.</summary>
public sealed class JobSchedules
{
    private const int NameLengthMax = 100;
    private const int DueMax = 100;
    private const string Columns =
        "id, tenant_id, name, type, cron, time_zone, payload, priority, enabled, next_at, last_at, last_job_id";

    private readonly Database _database;
    private readonly JobQueue _queue;
    private readonly JobTypes _types;
    private readonly JobClock _clock;
    private readonly ILogger<JobSchedules> _log;
    private readonly IReadOnlyList<JobSchedule> _declared;

    internal JobSchedules(
        Database database, JobQueue queue, JobTypes types, JobClock clock, ILogger<JobSchedules> log, IEnumerable<JobSchedule> declared)
    {
        _database = database;
        _queue = queue;
        _types = types;
        _clock = clock;
        _log = log;
        _declared = [.. declared];
    }

    /// <summary>Stores a schedule, or replaces the one of its name. Null when it is good, else what is wrong with it.</summary>
    public async Task<string?> SetAsync(JobSchedule schedule, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        if (FindFault(schedule, out CronExpression? cron, out TimeZoneInfo? zone) is { } fault)
        {
            return fault;
        }

        long now = _clock.Now;
        long? nextAt = schedule.IsEnabled ? Next(cron!, zone!, now) : null;
        await _database.WriteAsync(
            session => session.ExecuteAsync(
                """
                insert into jobs_schedules (id, tenant_id, name, type, cron, time_zone, payload, priority, enabled, next_at, created_at)
                values (@Id, @Value, @Name, @Type, @Cron, @TimeZone, @Payload, @Priority, @Enabled, @nextAt, @now)
                on conflict (tenant_id, name) do update set type = excluded.type, cron = excluded.cron, time_zone = excluded.time_zone,
                    payload = excluded.payload, priority = excluded.priority, enabled = excluded.enabled,
                    next_at = case when jobs_schedules.cron = excluded.cron and jobs_schedules.time_zone = excluded.time_zone
                        and jobs_schedules.enabled = excluded.enabled then jobs_schedules.next_at else excluded.next_at end
                """,
                new
                {
                    Id = Guid.CreateVersion7(),
                    schedule.Tenant.Value,
                    schedule.Name,
                    schedule.Type,
                    schedule.Cron,
                    schedule.TimeZone,
                    schedule.Payload,
                    schedule.Priority,
                    Enabled = schedule.IsEnabled ? 1 : 0,
                    nextAt,
                    now,
                }),
            cancellationToken);
        return null;
    }

    /// <summary>A tenant's schedules by name.</summary>
    public async Task<IReadOnlyList<JobSchedule>> ListAsync(TenantId tenant, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<ScheduleRow> rows = await _database.ReadAsync(
            session => session.QueryAsync<ScheduleRow>(
                $"select {Columns} from jobs_schedules where tenant_id = @Value order by name", new { tenant.Value }),
            cancellationToken);
        return [.. rows.Select(row => row.ToSchedule())];
    }

    /// <summary>Removes a schedule; its jobs stay. False when there is none.</summary>
    public async Task<bool> DeleteAsync(TenantId tenant, string name, CancellationToken cancellationToken = default) =>
        await _database.WriteAsync(
            session => session.ExecuteAsync(
                "delete from jobs_schedules where tenant_id = @Value and name = @name", new { tenant.Value, name }),
            cancellationToken) > 0;

    /// <summary>Stores the schedules that the program declares.</summary>
    internal async Task DeclareAsync(CancellationToken cancellationToken)
    {
        foreach (JobSchedule schedule in _declared)
        {
            if (await SetAsync(schedule, cancellationToken) is { } fault)
            {
                _log.ScheduleBroken(schedule.Name, fault);
            }
        }
    }

    /// <summary>Enqueues what is due.</summary>
    internal async Task RunDueAsync(CancellationToken cancellationToken)
    {
        string[] types = [.. _types.All.Select(type => type.Name)];
        long now = _clock.Now;
        IReadOnlyList<Guid> due = await _database.ReadAsync(
            session => session.QueryAsync<Guid>(
                "select id from jobs_schedules where enabled = 1 and next_at <= @now and type "
                    + (session.Engine == DatabaseEngine.Postgres ? "= any(@types)" : "in @types") + " order by next_at limit @DueMax",
                new { now, types, DueMax }),
            cancellationToken);
        foreach (Guid id in due)
        {
            await _database.WriteAsync(session => RunAsync(session, id), cancellationToken);
        }
    }

    private static long? Next(CronExpression cron, TimeZoneInfo zone, long after) =>
        cron.Next(Instants.FromMicroseconds(after), zone) is { } next ? Instants.ToMicroseconds(next) : null;

    private async Task RunAsync(DbSession session, Guid id)
    {
        long now = _clock.Now;
        ScheduleRow? row = await session.QuerySingleOrDefaultAsync<ScheduleRow>(
            $"select {Columns} from jobs_schedules where id = @id and enabled = 1 and next_at <= @now"
                + (session.Engine == DatabaseEngine.Postgres ? " for update skip locked" : ""),
            new { id, now });
        if (row is null)
        {
            // Another process was faster.
            return;
        }

        JobSchedule schedule = row.ToSchedule();
        string? fault = FindFault(schedule, out CronExpression? cron, out TimeZoneInfo? zone);
        EnqueueResult job = default;
        if (fault is null)
        {
            job = await _queue.EnqueueAsync(session, new JobRequest
            {
                Type = schedule.Type,
                Tenant = schedule.Tenant,
                Payload = schedule.Payload,
                Priority = schedule.Priority,
                IdempotencyKey = $"schedule:{id:N}:{row.NextAt}",
            });
            fault = job.IsAccepted ? null : job.Status.ToString();
        }

        if (fault is not null)
        {
            _log.ScheduleBroken(schedule.Name, fault);
        }

        // From now, not from the time that was due: what was missed meanwhile is one job, not many.
        await session.ExecuteAsync(
            "update jobs_schedules set next_at = @next, last_at = @NextAt, last_job_id = coalesce(@jobId, last_job_id) where id = @id",
            new
            {
                next = cron is not null && zone is not null ? Next(cron, zone, now) : null,
                row.NextAt,
                jobId = job.IsAccepted ? job.JobId : (Guid?)null,
                id,
            });
    }

    private string? FindFault(JobSchedule schedule, out CronExpression? cron, out TimeZoneInfo? zone)
    {
        zone = null;
        return !CronExpression.TryParse(schedule.Cron, out cron, out string? fault) ? $"cron {fault}"
            : !TimeZoneInfo.TryFindSystemTimeZoneById(schedule.TimeZone, out zone) ? "names an unknown time zone"
            : schedule.Name.Length is 0 or > NameLengthMax ? "has a name that is empty or too long"
            : !_types.TryGet(schedule.Type, out _) ? "names an unknown job type"
            : schedule.Priority is < JobRequest.PriorityMin or > JobRequest.PriorityMax ? "has a priority out of range"
            : null;
    }

    private sealed class ScheduleRow
    {
        public Guid Id { get; set; }

        public int TenantId { get; set; }

        public string Name { get; set; } = "";

        public string Type { get; set; } = "";

        public string Cron { get; set; } = "";

        public string TimeZone { get; set; } = "";

        public string Payload { get; set; } = "";

        public int Priority { get; set; }

        public int Enabled { get; set; }

        public long? NextAt { get; set; }

        public long? LastAt { get; set; }

        public Guid? LastJobId { get; set; }

        public JobSchedule ToSchedule() => new()
        {
            Tenant = new TenantId(TenantId),
            Name = Name,
            Type = Type,
            Cron = Cron,
            TimeZone = TimeZone,
            Payload = Payload,
            Priority = Priority,
            IsEnabled = Enabled != 0,
            NextAt = NextAt is { } next ? Instants.FromMicroseconds(next) : null,
            LastAt = LastAt is { } last ? Instants.FromMicroseconds(last) : null,
            LastJobId = LastJobId,
        };
    }
}
