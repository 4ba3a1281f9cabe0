using Iskra.Platform.Data;
using Iskra.Platform.Events;
using Iskra.Platform.Jobs.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Jobs.Running;

/// <summary>
/// What happens, once, to jobs that are over their type's maximum: when they are claimed, and by a sweep over those that wait or run. The
/// change and its event are one transaction.
/// </summary>
internal sealed class OverrunActions
{
    private const int SweepMax = 500;

    private readonly Database _database;
    private readonly JobTypes _types;
    private readonly OutboxWriter _outbox;
    private readonly JobAnnouncer _announcer;
    private readonly JobClock _clock;
    private readonly JobsOptions _options;
    private readonly JobsMetrics _metrics;
    private readonly ILogger<OverrunActions> _log;
    private readonly string[] _typesWithMaximum;

    public OverrunActions(
        Database database,
        JobTypes types,
        OutboxWriter outbox,
        JobAnnouncer announcer,
        JobClock clock,
        IOptions<JobsOptions> options,
        JobsMetrics metrics,
        ILogger<OverrunActions> log)
    {
        _database = database;
        _types = types;
        _outbox = outbox;
        _announcer = announcer;
        _clock = clock;
        _options = options.Value;
        _metrics = metrics;
        _log = log;
        _typesWithMaximum = [.. types.All.Where(type => type.Options.Maximum is not null).Select(type => type.Name)];
    }

    /// <summary>Judges claimed jobs before they start; answers those that start, as they start.</summary>
    public async Task<IReadOnlyList<ClaimedJob>> AtClaimAsync(IReadOnlyList<ClaimedJob> claimed, Guid worker, long now)
    {
        if (!claimed.Any(job => IsOver(job, now)))
        {
            return claimed;
        }

        LateJob[] late = [.. claimed.Where(job => IsOver(job, now)).Select(job => new LateJob(job))];
        try
        {
            await _database.WriteAsync(async session =>
            {
                foreach (LateJob job in late)
                {
                    await ApplyAsync(session, job, "and state = 3 and worker_id = @worker and attempt = @Attempt", worker, now);
                }
            });
        }
        catch (Exception exception)
        {
            // They are claimed, so they start; the sweep does what is due.
            _log.LoopFailed(exception, "Deadlines at the claim", 1, 0);
            return claimed;
        }

        Tell(late);
        Dictionary<Guid, LateJob> byId = late.ToDictionary(job => job.Id);
        return [.. claimed.Where(job => !Stops(job, byId)).Select(job => AsItStarts(job, byId))];
    }

    /// <summary>Looks for jobs over their maximum, in all states but those that wait for an answer.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        while (_typesWithMaximum.Length > 0)
        {
            long now = _clock.Now;
            IReadOnlyList<LateJob> late = await _database.WriteAsync(session => SweepAsync(session, now), cancellationToken);
            Tell(late);
            if (late.Count < SweepMax)
            {
                return;
            }
        }
    }

    private static bool IsOver(ClaimedJob job, long now) => !job.IsOverrun && job.DueAt <= now;

    private bool Stops(ClaimedJob job, Dictionary<Guid, LateJob> late) =>
        late.ContainsKey(job.Id) && ActionOf(job.Type) == OverrunAction.StopAndAsk;

    private ClaimedJob AsItStarts(ClaimedJob job, Dictionary<Guid, LateJob> late) =>
        late.ContainsKey(job.Id) ? job with { IsOverrun = true, Mode = NextMode(ActionOf(job.Type), job.Mode) } : job;

    private OverrunAction ActionOf(string type) =>
        _types.TryGet(type, out JobType? known) ? known.Options.Overrun : OverrunAction.Warn;

    private static JobMode NextMode(OverrunAction action, JobMode before) => action switch
    {
        OverrunAction.RetrySimplified => JobMode.Simplified,
        OverrunAction.Fallback => JobMode.Fallback,
        _ => before,
    };

    private async Task<IReadOnlyList<LateJob>> SweepAsync(DbSession session, long now)
    {
        IReadOnlyList<LateJob> late = await session.QueryAsync<LateJob>(
            "select id, tenant_id, type, state, attempt, mode from jobs where overrun = 0 and due_at is not null and due_at <= @now "
                + "and state <> 4 and type " + (session.Engine == DatabaseEngine.Postgres ? "= any(@types)" : "in @types")
                + " order by due_at limit @SweepMax"
                + (session.Engine == DatabaseEngine.Postgres ? " for update skip locked" : ""),
            new { now, types = _typesWithMaximum, SweepMax });
        foreach (LateJob job in late)
        {
            await ApplyAsync(session, job, "", Guid.Empty, now);
        }

        return late;
    }

    private async Task ApplyAsync(DbSession session, LateJob job, string condition, Guid worker, long now)
    {
        OverrunAction action = ActionOf(job.Type);
        bool isRunning = job.State == (int)JobState.Running;
        bool isHeld = isRunning && worker == Guid.Empty;
        bool startsNow = action is OverrunAction.RetrySimplified or OverrunAction.Fallback && !isRunning;
        JobState state = action == OverrunAction.StopAndAsk && !isHeld ? JobState.Waiting
            : startsNow ? JobState.Queued
            : (JobState)job.State;
        StopReason stop = !isHeld ? StopReason.None : action switch
        {
            OverrunAction.RetrySimplified or OverrunAction.Fallback => StopReason.Restart,
            OverrunAction.StopAndAsk => StopReason.Ask,
            _ => StopReason.None,
        };
        await session.ExecuteAsync(
            // What a person wants stopped stays stopped.
            "update jobs set overrun = 1, mode = @Mode, state = @State, "
                + "attention = case when attention = 2 then 2 else @Stop end, "
                + "worker_id = case when @State = 4 then null else worker_id end, "
                + "order_at = case when @startsNow = 1 then @now else order_at end where id = @Id and tenant_id = @TenantId " + condition,
            new
            {
                Mode = (int)NextMode(action, (JobMode)job.Mode),
                State = (int)state,
                Stop = (int)stop,
                startsNow = startsNow ? 1 : 0,
                now,
                job.Id,
                job.TenantId,
                worker,
                job.Attempt,
            });
        await _outbox.AppendAsync(session, JobEvents.Overrun(job.Id, job.TenantId, job.Type, action, (JobState)job.State));
    }

    private void Tell(IReadOnlyList<LateJob> late)
    {
        foreach (LateJob job in late)
        {
            OverrunAction action = ActionOf(job.Type);
            _metrics.Overran(job.Type, action);
            _log.Overrun(job.Id, job.Type, action);
            _announcer.Queued(job.Type);
        }

        if (late.Count > 0)
        {
            _announcer.Changed();
        }
    }

    private sealed class LateJob
    {
        public LateJob()
        {
        }

        public LateJob(ClaimedJob job)
        {
            Id = job.Id;
            TenantId = job.TenantId;
            Type = job.Type;
            State = (int)JobState.Running;
            Attempt = job.Attempt;
            Mode = (int)job.Mode;
        }

        public Guid Id { get; set; }

        public int TenantId { get; set; }

        public string Type { get; set; } = "";

        public int State { get; set; }

        public int Attempt { get; set; }

        public int Mode { get; set; }
    }
}
