using Iskra.Platform.Data;
using Iskra.Platform.Events;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Jobs.Running;

/// <summary>
/// Looks at the heartbeats of all processes and takes back the jobs of those that died. Every process does it. A heartbeat that has not
/// changed for the length of a lease, by this process's monotonic clock, is a dead one, unless this process could not look for a while
/// itself: then the time that it didn't see doesn't count.
/// </summary>
internal sealed class LeaseWatch
{
    private readonly Database _database;
    private readonly JobTypes _types;
    private readonly JobClock _clock;
    private readonly JobAnnouncer _announcer;
    private readonly OutboxWriter _outbox;
    private readonly JobsOptions _options;
    private readonly JobsMetrics _metrics;
    private readonly ILogger<LeaseWatch> _log;
    private readonly Dictionary<Guid, (long Beat, long SeenAt)> _seen = [];
    private long? _lookedAt;

    public LeaseWatch(
        Database database,
        JobTypes types,
        JobClock clock,
        JobAnnouncer announcer,
        OutboxWriter outbox,
        IOptions<JobsOptions> options,
        JobsMetrics metrics,
        ILogger<LeaseWatch> log)
    {
        _database = database;
        _types = types;
        _clock = clock;
        _announcer = announcer;
        _outbox = outbox;
        _options = options.Value;
        _metrics = metrics;
        _log = log;
    }

    /// <summary>
    /// On the embedded store, where one process owns the data, everything that was running when it starts belongs to a dead one.
    /// </summary>
    public async Task TakeOverAsync(CancellationToken cancellationToken)
    {
        if (_database.Engine == DatabaseEngine.Sqlite)
        {
            foreach (WorkerRow worker in await ReadAsync(cancellationToken))
            {
                await TakeBackAsync(worker, cancellationToken);
            }
        }
    }

    /// <summary>One look.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<WorkerRow> workers = await ReadAsync(cancellationToken);
        long now = _clock.Time.GetTimestamp();
        bool wasBlind = _lookedAt is { } before && _clock.Time.GetElapsedTime(before, now) > (_options.SweepInterval * 2) + Blindness;
        _lookedAt = now;
        if (wasBlind)
        {
            _seen.Clear();
        }

        foreach (Guid gone in _seen.Keys.Except(workers.Select(worker => worker.Id)).ToArray())
        {
            _seen.Remove(gone);
        }

        foreach (WorkerRow worker in workers)
        {
            if (!_seen.TryGetValue(worker.Id, out (long Beat, long SeenAt) seen) || seen.Beat != worker.Beat)
            {
                _seen[worker.Id] = (worker.Beat, now);
            }
            else if (_clock.Time.GetElapsedTime(seen.SeenAt, now) >= _options.Lease)
            {
                await TakeBackAsync(worker, cancellationToken);
            }
        }

        await TakeBackOrphansAsync(cancellationToken);
        await CancelAsync(cancellationToken);
    }

    private static TimeSpan Blindness => TimeSpan.FromSeconds(1);

    private Task<IReadOnlyList<WorkerRow>> ReadAsync(CancellationToken cancellationToken) =>
        _database.ReadAsync(session => session.QueryAsync<WorkerRow>("select id, name, beat from jobs_workers"), cancellationToken);

    private async Task TakeBackAsync(WorkerRow worker, CancellationToken cancellationToken)
    {
        IReadOnlyList<CrashedJob> crashed = await _database.WriteAsync<IReadOnlyList<CrashedJob>>(
            async session =>
            {
                // The heartbeat in the condition: a process that woke up in this moment keeps its lease.
                int rows = await session.ExecuteAsync(
                    "delete from jobs_workers where id = @Id and beat = @Beat", new { worker.Id, worker.Beat });
                return rows == 0 ? [] : await RequeueAsync(session, "worker_id = @Id", new { worker.Id });
            },
            cancellationToken);
        _seen.Remove(worker.Id);
        int quarantined = Tell(crashed);
        _log.WorkerDead(worker.Id, worker.Name, crashed.Count - quarantined, quarantined);
    }

    // A claim may commit in the moment in which its worker is declared dead.
    private async Task TakeBackOrphansAsync(CancellationToken cancellationToken)
    {
        if (_database.Engine == DatabaseEngine.Postgres)
        {
            Tell(await _database.WriteAsync(
                session => RequeueAsync(
                    session, "not exists (select 1 from jobs_workers w where w.id = worker_id)", new { }),
                cancellationToken));
        }
    }

    // A person asked a running attempt to stop, and before it heard of that it failed or its process died.
    private Task CancelAsync(CancellationToken cancellationToken) =>
        _database.WriteAsync(
            async session =>
            {
                IReadOnlyList<Guid> ids = await session.QueryAsync<Guid>(
                    "select id from jobs where attention = 2 and worker_id is null and state <> 3 limit 500"
                        + (session.Engine == DatabaseEngine.Postgres ? " for update skip locked" : ""));
                foreach (Guid id in ids)
                {
                    await EndAsync(session, id, JobState.Cancelled);
                }
            },
            cancellationToken);

    private async Task EndAsync(DbSession session, Guid id, JobState state)
    {
        await session.ExecuteAsync(
            $"insert into jobs_history ({JobColumns.History}) select {JobColumns.HistoryFromJobs} from jobs where id = @id",
            new { id, State = (int)state, _clock.Now });
        await session.ExecuteAsync("delete from jobs where id = @id", new { id });
    }

    private async Task<IReadOnlyList<CrashedJob>> RequeueAsync(DbSession session, string condition, object parameters)
    {
        IReadOnlyList<CrashedJob> crashed = await session.QueryAsync<CrashedJob>(
            $"""
            update jobs set state = case when attention = 5 then 4 else 2 end, worker_id = null, crashes = crashes + 1,
                attention = case when attention = 2 then 2 else 0 end, error = 'The process that ran it died.'
            where state = 3 and {condition} returning id, tenant_id, type, crashes
            """,
            parameters);
        foreach (CrashedJob job in crashed.Where(IsPoison))
        {
            await EndAsync(session, job.Id, JobState.Quarantined);
            await _outbox.AppendAsync(session, JobEvents.Lost(job.Id, job.TenantId, job.Type, JobState.Quarantined));
        }

        return crashed;
    }

    // What this process doesn't know it can't judge by its type's policy; the default then.
    private bool IsPoison(CrashedJob job) =>
        job.Crashes >= (_types.TryGet(job.Type, out JobType? type) ? type.Options.CrashesMax : DefaultCrashesMax);

    private const int DefaultCrashesMax = 3;

    private int Tell(IReadOnlyList<CrashedJob> crashed)
    {
        foreach (IGrouping<string, CrashedJob> group in crashed.GroupBy(job => job.Type))
        {
            _metrics.Crashed(group.Key, group.Count());
            _announcer.Queued(group.Key);
        }

        CrashedJob[] poison = [.. crashed.Where(IsPoison)];
        foreach (CrashedJob job in poison)
        {
            _metrics.Ended(job.Type, JobState.Quarantined);
        }

        return poison.Length;
    }

    private sealed class WorkerRow
    {
        public Guid Id { get; set; }

        public string Name { get; set; } = "";

        public long Beat { get; set; }
    }

    private sealed class CrashedJob
    {
        public Guid Id { get; set; }

        public int TenantId { get; set; }

        public string Type { get; set; } = "";

        public int Crashes { get; set; }
    }
}
