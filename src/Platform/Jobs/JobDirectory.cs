using System.Runtime.CompilerServices;
using Iskra.Platform.Data;
using Iskra.Platform.Jobs.Running;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Jobs;

/// <summary>
/// What people see of jobs and do to them: queues, lists, one job; retry, cancel, answer, pause. Works in every process, whether it runs
/// jobs or not. Thread-safe. Who may call it is the caller's business.
/// </summary>
public sealed class JobDirectory
{
    private readonly Database _database;
    private readonly JobTypes _types;
    private readonly JobAnnouncer _announcer;
    private readonly JobChanges _changes;
    private readonly JobClock _clock;
    private readonly JobsOptions _options;
    private readonly JobsMetrics _metrics;

    internal JobDirectory(
        Database database,
        JobTypes types,
        JobAnnouncer announcer,
        JobChanges changes,
        JobClock clock,
        IOptions<JobsOptions> options,
        JobsMetrics metrics)
    {
        _database = database;
        _types = types;
        _announcer = announcer;
        _changes = changes;
        _clock = clock;
        _options = options.Value;
        _metrics = metrics;
    }

    /// <summary>The registered types and those that have jobs, by name.</summary>
    public async Task<IReadOnlyList<JobQueueInfo>> QueuesAsync(TenantId tenant, CancellationToken cancellationToken = default)
    {
        (IReadOnlyList<StateRow> live, IReadOnlyList<StateRow> dead, IReadOnlyList<string> paused) = await _database.ReadAsync(
            async session => (
                await session.QueryAsync<StateRow>(
                    "select type, state, count(*) as jobs, min(ready_at) as oldest from jobs where tenant_id = @Value group by type, state",
                    new { tenant.Value }),
                await session.QueryAsync<StateRow>(
                    "select type, 11 as state, count(*) as jobs, min(ready_at) as oldest from jobs_history "
                        + "where tenant_id = @Value and (state = 11 or state = 13) group by type",
                    new { tenant.Value }),
                await session.QueryAsync<string>("select type from jobs_queues where paused_at is not null")),
            cancellationToken);
        long now = _clock.Now;
        ILookup<string, StateRow> rows = live.Concat(dead).ToLookup(row => row.Type);
        return
        [
            .. _types.All.Select(type => type.Name).Concat(rows.Select(group => group.Key)).Concat(paused)
                .Distinct().Order(StringComparer.Ordinal).Select(type => Queue(type, rows[type], paused.Contains(type), now)),
        ];
    }

    /// <summary>Jobs of a tenant, the newest first, living and ended.</summary>
    public async Task<IReadOnlyList<JobInfo>> ListAsync(TenantId tenant, JobFilter filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(filter.Limit, 1);
        string where = "where tenant_id = @Value" + (filter.Before is null ? "" : " and id < @Before")
            + (filter.Type is null ? "" : " and type = @Type");
        string states = StatesOf(filter.States);
        bool hasLive = filter.States.Count == 0 || filter.States.Any(state => state < JobState.Done);
        bool hasEnded = filter.States.Count == 0 || filter.States.Any(state => state >= JobState.Done);
        // Each half is ordered and cut by itself, so that its own index serves it.
        string live = $"select * from (select {JobRow.LiveColumns} from jobs {where}{states} order by id desc limit @Limit) l";
        string ended = $"select * from (select {JobRow.HistoryColumns} from jobs_history {where}{states} order by id desc limit @Limit) h";
        string sql = hasLive && hasEnded ? $"{live} union all {ended}" : hasLive ? live : ended;
        IReadOnlyList<JobRow> rows = await _database.ReadAsync(
            session => session.QueryAsync<JobRow>(
                sql + " order by id desc limit @Limit", new { tenant.Value, filter.Before, filter.Type, filter.Limit }),
            cancellationToken);
        return [.. rows.Select(row => row.ToInfo())];
    }

    /// <summary>One job of a tenant; null when there is none.</summary>
    public async Task<JobInfo?> GetAsync(TenantId tenant, Guid jobId, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<JobRow> rows = await _database.ReadAsync(
            session => session.QueryAsync<JobRow>(
                $"""
                select {JobRow.LiveColumns} from jobs where tenant_id = @Value and id = @jobId
                union all
                select {JobRow.HistoryColumns} from jobs_history where tenant_id = @Value and id = @jobId
                """,
                new { tenant.Value, jobId }),
            cancellationToken);
        return rows.Count == 0 ? null : rows[0].ToInfo();
    }

    /// <summary>
    /// A job as it is now and after each change, until it has ended: at once when it runs in this process, else within
    /// <see cref="JobsOptions.WatchInterval"/>. Empty when the tenant has no such job.
    /// </summary>
    public async IAsyncEnumerable<JobInfo> WatchAsync(
        TenantId tenant, Guid jobId, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        JobInfo? last = null;
        try
        {
            while (true)
            {
                Task change = _changes.Next(jobId);
                JobInfo? job = await GetAsync(tenant, jobId, cancellationToken);
                if (job is null)
                {
                    yield break;
                }

                if (job != last)
                {
                    last = job;
                    yield return job;
                }

                if (job.State >= JobState.Done)
                {
                    yield break;
                }

                await change.WaitAsync(_options.WatchInterval, _clock.Time, cancellationToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            _changes.Forget(jobId);
        }
    }

    /// <summary>How each type has kept its times in this process.</summary>
    public IReadOnlyList<JobTypeSla> Sla() => [.. _types.All.Select(type => _metrics.Sla(type.Name))];

    /// <summary>
    /// Starts a dead, quarantined or cancelled job afresh: failures, crashes and deadline count from now on. A scheduled one (a retry that
    /// waits) starts now.
    /// </summary>
    public async Task<JobCommandStatus> RetryAsync(TenantId tenant, Guid jobId, CancellationToken cancellationToken = default)
    {
        JobInfo? job = await GetAsync(tenant, jobId, cancellationToken);
        if (job is null)
        {
            return JobCommandStatus.NotFound;
        }

        int rows = await _database.WriteAsync(
            session => job.State == JobState.Scheduled
                ? StartNowAsync(session, tenant, job)
                : ReviveAsync(session, tenant, job.Type, "id = @jobId and state in (11, 12, 13)", jobId, 1),
            cancellationToken);
        Announce(rows, job.Type);
        return rows > 0 ? JobCommandStatus.Done : JobCommandStatus.WrongState;
    }

    /// <summary>Retries the dead and quarantined jobs of a type, oldest first, and answers how many; call it again until it is 0.</summary>
    /// <param name="tenant">Whose jobs.</param>
    /// <param name="type">Their type.</param>
    /// <param name="limit">Jobs in this call, 1 to 1000.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<int> RetryAllAsync(TenantId tenant, string type, int limit = 500, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 1_000);
        int rows = await _database.WriteAsync(
            session => ReviveAsync(session, tenant, type, "(state = 11 or state = 13)", Guid.Empty, limit), cancellationToken);
        Announce(rows, type);
        return rows;
    }

    /// <summary>Ends a job that has not started at once; asks a running one to stop, which it sees within about a second.</summary>
    public async Task<JobCommandStatus> CancelAsync(TenantId tenant, Guid jobId, CancellationToken cancellationToken = default)
    {
        JobCommandStatus status = await _database.WriteAsync(
            async session =>
            {
                int ended = await EndAsync(session, tenant, jobId, JobState.Cancelled, "state in (1, 2, 4)");
                if (ended > 0)
                {
                    return JobCommandStatus.Done;
                }

                int asked = await session.ExecuteAsync(
                    "update jobs set attention = @Cancel where tenant_id = @Value and id = @jobId and state = 3",
                    new { Cancel = (int)StopReason.Cancel, tenant.Value, jobId });
                return asked > 0 ? JobCommandStatus.Requested : await MissingAsync(session, tenant, jobId);
            },
            cancellationToken);
        if (status == JobCommandStatus.Requested)
        {
            _announcer.Changed();
        }

        return status;
    }

    /// <summary>Answers a job that waits at its deadline: it goes on with a new one, or is cancelled.</summary>
    public async Task<JobCommandStatus> AnswerAsync(
        TenantId tenant, Guid jobId, bool goOn, CancellationToken cancellationToken = default)
    {
        JobInfo? job = await GetAsync(tenant, jobId, cancellationToken);
        if (job is null)
        {
            return JobCommandStatus.NotFound;
        }

        int rows = await _database.WriteAsync(
            session => goOn ? GoOnAsync(session, tenant, job) : EndAsync(session, tenant, jobId, JobState.Cancelled, "state = 4"),
            cancellationToken);
        Announce(goOn ? rows : 0, job.Type);
        return rows > 0 ? JobCommandStatus.Done : JobCommandStatus.WrongState;
    }

    /// <summary>Starts nothing more of a type, in any process, for any tenant; what runs goes on. False: it was paused.</summary>
    public async Task<bool> PauseAsync(string type, CancellationToken cancellationToken = default)
    {
        bool changed = await SetPausedAsync(type, _clock.Now, cancellationToken);
        _announcer.Changed();
        return changed;
    }

    /// <summary>Starts the type's jobs again. False when it was not paused.</summary>
    public async Task<bool> ResumeAsync(string type, CancellationToken cancellationToken = default)
    {
        bool changed = await SetPausedAsync(type, null, cancellationToken);
        _announcer.Changed();
        return changed;
    }

    private static string StatesOf(IReadOnlyList<JobState> states) =>
        states.Count == 0 ? "" : $" and (state = {string.Join(" or state = ", states.Distinct().Select(state => (int)state))})";

    private JobQueueInfo Queue(string type, IEnumerable<StateRow> rows, bool isPaused, long now)
    {
        StateRow[] all = [.. rows];
        long Count(JobState state) => all.Where(row => row.State == (int)state).Sum(row => row.Jobs);
        long? oldest = all.FirstOrDefault(row => row.State == (int)JobState.Queued)?.Oldest;
        return new JobQueueInfo(
            type,
            Count(JobState.Queued),
            Count(JobState.Scheduled),
            Count(JobState.Running),
            Count(JobState.Waiting),
            Count(JobState.Dead),
            oldest is { } instant ? TimeSpan.FromMicroseconds(Math.Max(0, now - instant)) : null,
            isPaused,
            _types.TryGet(type, out JobType? known) ? known.Options : null);
    }

    private void Announce(int rows, string type)
    {
        if (rows > 0)
        {
            _announcer.Queued(type);
        }
    }

    private async Task<int> ReviveAsync(DbSession session, TenantId tenant, string type, string condition, Guid jobId, int limit)
    {
        IReadOnlyList<Guid> ids = await session.QueryAsync<Guid>(
            $"select id from jobs_history where tenant_id = @Value and type = @type and {condition} order by id limit @limit",
            new { tenant.Value, type, jobId, limit });
        if (ids.Count == 0)
        {
            return 0;
        }

        long now = _clock.Now;
        long? dueAt = _types.TryGet(type, out JobType? known) ? now + known.MaximumMicroseconds : null;
        object parameters = new { tenant.Value, now, dueAt, Step = _options.AgingStepMicroseconds, ids = Ids.List(ids) };
        int rows = await session.ExecuteAsync(
            """
            insert into jobs (id, tenant_id, type, state, priority, order_at, ready_at, due_at, attempt, created_at, error,
                idempotency_key, payload)
            select id, tenant_id, type, 2, priority, @now - priority * @Step, @now, cast(@dueAt as bigint), attempt, created_at, error,
                idempotency_key, payload
            from jobs_history where tenant_id = @Value and id in @ids
            """,
            parameters);
        await session.ExecuteAsync("delete from jobs_history where tenant_id = @Value and id in @ids", parameters);
        return rows;
    }

    private Task<int> StartNowAsync(DbSession session, TenantId tenant, JobInfo job) =>
        session.ExecuteAsync(
            "update jobs set state = 2, ready_at = @now, order_at = @orderAt where tenant_id = @Value and id = @Id and state = 1",
            new { now = _clock.Now, orderAt = JobQueue.OrderOf(_clock.Now, job.Priority, _options), tenant.Value, job.Id });

    private Task<int> GoOnAsync(DbSession session, TenantId tenant, JobInfo job)
    {
        long now = _clock.Now;
        return session.ExecuteAsync(
            "update jobs set state = 2, overrun = 0, ready_at = @now, order_at = @orderAt, due_at = @dueAt "
                + "where tenant_id = @Value and id = @Id and state = 4",
            new
            {
                now,
                orderAt = JobQueue.OrderOf(now, job.Priority, _options),
                dueAt = _types.TryGet(job.Type, out JobType? type) ? now + type.MaximumMicroseconds : null,
                tenant.Value,
                job.Id,
            });
    }

    private async Task<int> EndAsync(DbSession session, TenantId tenant, Guid jobId, JobState end, string condition)
    {
        object parameters = new { tenant.Value, jobId, State = (int)end, _clock.Now };
        int rows = await session.ExecuteAsync(
            $"""
            insert into jobs_history ({JobColumns.History})
            select {JobColumns.HistoryFromJobs} from jobs where tenant_id = @Value and id = @jobId and {condition}
            {(session.Engine == DatabaseEngine.Postgres ? "for update" : "")}
            """,
            parameters);
        if (rows == 0)
        {
            return 0;
        }

        await session.ExecuteAsync("delete from jobs where tenant_id = @Value and id = @jobId", parameters);
        string type = await session.ScalarAsync<string>(
            "select type from jobs_history where tenant_id = @Value and id = @jobId", parameters) ?? "";
        session.OnCommitted(() => _metrics.Ended(type, end));
        return rows;
    }

    private static async Task<JobCommandStatus> MissingAsync(DbSession session, TenantId tenant, Guid jobId) =>
        await session.ScalarAsync<long>(
            "select count(*) from jobs_history where tenant_id = @Value and id = @jobId", new { tenant.Value, jobId }) > 0
            ? JobCommandStatus.WrongState
            : JobCommandStatus.NotFound;

    private async Task<bool> SetPausedAsync(string type, long? pausedAt, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(type);
        string isOther = pausedAt is null ? "jobs_queues.paused_at is not null" : "jobs_queues.paused_at is null";
        return await _database.WriteAsync(
            session => session.ExecuteAsync(
                $"""
                insert into jobs_queues (type, paused_at, updated_at) values (@type, @pausedAt, @Now)
                on conflict (type) do update set paused_at = excluded.paused_at, updated_at = excluded.updated_at where {isOther}
                """,
                new { type, pausedAt, _clock.Now }),
            cancellationToken) > 0;
    }

    private sealed class StateRow
    {
        public string Type { get; set; } = "";

        public int State { get; set; }

        public long Jobs { get; set; }

        public long? Oldest { get; set; }
    }
}
