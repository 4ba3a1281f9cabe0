using Iskra.Platform.Data;
using Iskra.Platform.Jobs.Storage;

namespace Iskra.Platform.Jobs.Running;

/// <summary>An attempt under way in this process.</summary>
internal sealed class JobRun : IDisposable
{
    private const int MessageLengthMax = 200;
    private readonly IJobStore _store;
    private readonly JobClock _clock;
    private readonly JobErrors _errors;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly long _startedAt;
    private JobProgress? _progress;
    private JobProgress? _stored;
    private int _stop;
    private long _stoppedAt;
    private volatile bool _isCompleted;

    public JobRun(ClaimedJob job, JobSlots slots, Guid workerId, IJobStore store, JobClock clock, JobErrors errors)
    {
        Job = job;
        Slots = slots;
        WorkerId = workerId;
        _store = store;
        _clock = clock;
        _errors = errors;
        _startedAt = clock.Time.GetTimestamp();
    }

    public ClaimedJob Job { get; }

    public JobSlots Slots { get; }

    public Guid WorkerId { get; }

    public JobType Type => Slots.Type;

    public CancellationToken Token => _cancellation.Token;

    public TimeSpan Elapsed => _clock.Time.GetElapsedTime(_startedAt);

    public StopReason Stopping => (StopReason)Volatile.Read(ref _stop);

    /// <summary>How long ago the attempt was cancelled; zero when it was not.</summary>
    public TimeSpan SinceStop => Stopping == StopReason.None ? TimeSpan.Zero : _clock.Time.GetElapsedTime(Volatile.Read(ref _stoppedAt));

    /// <summary>Whether the handler ended the job in its own transaction.</summary>
    public bool IsCompleted => _isCompleted;

    /// <summary>Whether it was reported for ignoring its cancellation.</summary>
    public bool IsReported { get; set; }

    /// <summary>Whether the deadline's action has happened, or happens now.</summary>
    public bool IsOverrun { get; set; }

    /// <summary>How the next attempt runs, if the deadline wants one.</summary>
    public JobMode NextMode { get; set; }

    /// <summary>Cancels the attempt; the first reason counts.</summary>
    public void Stop(StopReason reason)
    {
        int before = Interlocked.CompareExchange(ref _stop, (int)reason, (int)StopReason.None);
        if (before == (int)StopReason.None)
        {
            Volatile.Write(ref _stoppedAt, _clock.Time.GetTimestamp());
        }
        else if (reason == StopReason.LeaseLost)
        {
            Volatile.Write(ref _stop, (int)reason);
        }

        try
        {
            // Not on this thread: what hangs on the token is the handler's code.
            _ = _cancellation.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended.
        }
    }

    public void Report(int percent, string? message) =>
        Volatile.Write(ref _progress, new JobProgress(percent, message is null ? null : _errors.Clean(message, MessageLengthMax)));

    /// <summary>The newest progress, once.</summary>
    public JobProgress? TakeProgress()
    {
        JobProgress? newest = Volatile.Read(ref _progress);
        if (ReferenceEquals(newest, _stored))
        {
            return null;
        }

        _stored = newest;
        return newest;
    }

    /// <exception cref="JobLostException">Somebody else has the job.</exception>
    public async Task CompleteAsync(DbSession session, string? resultJson)
    {
        IReadOnlySet<Guid> ended = await _store.EndAsync(session, [EndAs(JobState.Done, resultJson, null)], _clock.Now);
        if (ended.Count == 0)
        {
            throw new JobLostException();
        }

        session.OnCommitted(() => _isCompleted = true);
    }

    /// <summary>The end of the job in a final state.</summary>
    public JobEnd EndAs(JobState state, string? result, string? error, int? failures = null) => new(
        Job.Id, Job.Attempt, WorkerId, state, Job.OrderAt, Job.ReadyAt, failures ?? Job.Failures, Job.Mode, IsOverrun || Job.IsOverrun,
        result, error);

    /// <summary>Counts the job as ended, and against its type's target.</summary>
    public void CountEnd(JobsMetrics metrics, JobState state, long now)
    {
        TimeSpan total = TimeSpan.FromMicroseconds(Math.Max(0, now - Job.ReadyAt));
        metrics.Ended(Job.Type, state, total);
        if (total > Type.Options.Target)
        {
            metrics.TargetMissed(Job.Type);
        }
    }

    public void Dispose() => _cancellation.Dispose();
}
