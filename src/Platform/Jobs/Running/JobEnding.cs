using Iskra.Platform.Jobs.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Jobs.Running;

/// <summary>Decides what becomes of a job when its attempt has ended.</summary>
internal sealed class JobEnding
{
    private readonly JobClock _clock;
    private readonly JobErrors _errors;
    private readonly JobsOptions _options;
    private readonly JobsMetrics _metrics;
    private readonly ILogger<JobEnding> _log;

    public JobEnding(JobClock clock, JobErrors errors, IOptions<JobsOptions> options, JobsMetrics metrics, ILogger<JobEnding> log)
    {
        _clock = clock;
        _errors = errors;
        _options = options.Value;
        _metrics = metrics;
        _log = log;
    }

    /// <summary>After the handler returned.</summary>
    public JobEnd Of(JobRun run, JobOutcome outcome)
    {
        if (!outcome.IsDone)
        {
            return Failed(run, _errors.Clean(outcome.Text ?? "", _options.ErrorLengthMax), outcome.MayRetry);
        }

        return outcome.Text?.Length > _options.ResultLengthMax
            ? Failed(run, $"The result is longer than {_options.ResultLengthMax} characters.", mayRetry: false)
            : run.EndAs(JobState.Done, outcome.Text, null);
    }

    /// <summary>After the handler threw.</summary>
    public JobEnd Of(JobRun run, Exception exception) => run.Stopping switch
    {
        StopReason.Cancel => run.EndAs(JobState.Cancelled, null, null),
        StopReason.TimeLimit => Failed(run, $"The attempt took longer than its limit of {run.Type.Options.AttemptTimeLimit}.", true),
        StopReason.Restart => Back(run, JobState.Queued, _clock.Now, run.Job.Failures, run.NextMode, null),
        StopReason.Ask => Back(run, JobState.Waiting, run.Job.ReadyAt, run.Job.Failures, run.Job.Mode, null),
        StopReason.Shutdown or StopReason.LeaseLost when exception is OperationCanceledException => GiveBack(run),
        _ => Failed(run, _errors.Describe(exception, _options.ErrorLengthMax), mayRetry: true),
    };

    /// <summary>Back to its old place, as though it had never started.</summary>
    public static JobEnd GiveBack(JobRun run) =>
        run.EndAs(JobState.Queued, null, null);

    private JobEnd Failed(JobRun run, string error, bool mayRetry)
    {
        int failures = run.Job.Failures + 1;
        _metrics.Failed(run.Job.Type);
        if (!mayRetry || failures >= run.Type.Options.FailuresMax)
        {
            _log.JobFailed(run.Job.Id, run.Job.Type, failures, "it is dead");
            return run.EndAs(JobState.Dead, null, error, failures);
        }

        TimeSpan wait = RetryPolicy.WaitAfter(run.Type.Options, failures, Random.Shared.NextDouble());
        long now = _clock.Now;
        long readyAt = now + (wait.Ticks / TimeSpan.TicksPerMicrosecond);
        _log.JobFailed(run.Job.Id, run.Job.Type, failures, "it is tried again");
        return Back(run, readyAt > now ? JobState.Scheduled : JobState.Queued, readyAt, failures, run.Job.Mode, error);
    }

    private JobEnd Back(JobRun run, JobState state, long readyAt, int failures, JobMode mode, string? error) =>
        run.EndAs(state, null, error, failures) with
        {
            ReadyAt = readyAt,
            OrderAt = JobQueue.OrderOf(readyAt, run.Job.Priority, _options),
            Mode = mode,
        };
}
