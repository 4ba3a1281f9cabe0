using Iskra.Platform.Data;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Jobs.Running;

/// <summary>
/// Watches the attempts under way: stores their progress, cancels those that a person or the deadline wants stopped, or that take longer
/// than their limit, and reports those that don't stop.
/// </summary>
internal sealed class JobAttention
{
    private readonly Database _database;
    private readonly JobRunner _runner;
    private readonly WorkerLease _lease;
    private readonly JobChanges _changes;
    private readonly JobsOptions _options;
    private readonly JobsMetrics _metrics;
    private readonly ILogger<JobAttention> _log;

    public JobAttention(
        Database database,
        JobRunner runner,
        WorkerLease lease,
        JobChanges changes,
        IOptions<JobsOptions> options,
        JobsMetrics metrics,
        ILogger<JobAttention> log)
    {
        _database = database;
        _runner = runner;
        _lease = lease;
        _changes = changes;
        _options = options.Value;
        _metrics = metrics;
        _log = log;
    }

    /// <summary>One round.</summary>
    public async Task WatchAsync(CancellationToken cancellationToken)
    {
        if (_runner.Count == 0)
        {
            return;
        }

        foreach (JobRun run in _runner.Runs)
        {
            if (run.Stopping == StopReason.None && run.Elapsed > run.Type.Options.AttemptTimeLimit)
            {
                run.Stop(StopReason.TimeLimit);
            }
            else if (!run.IsReported && run.SinceStop > _options.CancellationGrace)
            {
                run.IsReported = true;
                _metrics.CancellationIgnored(run.Job.Type);
                _log.CancellationIgnored(run.Job.Id, run.Job.Type);
            }
        }

        await LookAsync(cancellationToken);
        await StoreProgressAsync(cancellationToken);
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        Guid worker = _lease.WorkerId;
        IReadOnlyList<Wanted> wanted = await _database.ReadAsync(
            session => session.QueryAsync<Wanted>(
                "select id, attempt, attention, mode from jobs where worker_id = @worker and attention > 0", new { worker }),
            cancellationToken);
        foreach (Wanted want in wanted)
        {
            JobRun? run = _runner.Runs.FirstOrDefault(candidate => candidate.Job.Id == want.Id && candidate.Job.Attempt == want.Attempt);
            if (run is not null)
            {
                run.NextMode = (JobMode)want.Mode;
                run.Stop((StopReason)want.Attention);
            }
        }
    }

    private async Task StoreProgressAsync(CancellationToken cancellationToken)
    {
        List<(JobRun Run, JobProgress Progress)> reports = [];
        foreach (JobRun run in _runner.Runs)
        {
            if (run.TakeProgress() is { } progress)
            {
                reports.Add((run, progress));
            }
        }

        if (reports.Count == 0)
        {
            return;
        }

        await _database.WriteAsync(
            session => session.ExecuteAsync(
                "update jobs set percent = @Percent, message = @Message where id = @Id and attempt = @Attempt and state = 3",
                reports.Select(r => new { r.Progress.Percent, r.Progress.Message, r.Run.Job.Id, r.Run.Job.Attempt })),
            cancellationToken);
        foreach ((JobRun run, JobProgress _) in reports)
        {
            _changes.Changed(run.Job.Id);
        }
    }

    private sealed class Wanted
    {
        public Guid Id { get; set; }

        public int Attempt { get; set; }

        public int Attention { get; set; }

        public int Mode { get; set; }
    }
}
