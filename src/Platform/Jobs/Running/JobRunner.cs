using System.Collections.Concurrent;
using Iskra.Platform.Jobs.Storage;

namespace Iskra.Platform.Jobs.Running;

/// <summary>Runs attempts: calls the handler, and hands the end to the batcher. Knows all that are under way in this process.</summary>
internal sealed class JobRunner
{
    private readonly IServiceProvider _services;
    private readonly IJobStore _store;
    private readonly JobClock _clock;
    private readonly JobErrors _errors;
    private readonly JobEnding _ending;
    private readonly CompletionBatcher _completions;
    private readonly JobSignal _signal;
    private readonly JobChanges _changes;
    private readonly JobsMetrics _metrics;
    private readonly ConcurrentDictionary<JobRun, byte> _runs = new();

    public JobRunner(
        IServiceProvider services,
        IJobStore store,
        JobClock clock,
        JobErrors errors,
        JobEnding ending,
        CompletionBatcher completions,
        JobSignal signal,
        JobChanges changes,
        JobsMetrics metrics)
    {
        _services = services;
        _store = store;
        _clock = clock;
        _errors = errors;
        _ending = ending;
        _completions = completions;
        _signal = signal;
        _changes = changes;
        _metrics = metrics;
    }

    /// <summary>The attempts under way.</summary>
    public IEnumerable<JobRun> Runs => _runs.Keys;

    public int Count => _runs.Count;

    /// <summary>Starts an attempt on the thread pool.</summary>
    public void Start(ClaimedJob job, JobSlots slots, Guid workerId)
    {
        JobRun run = new(job, slots, workerId, _store, _clock, _errors);
        _runs.TryAdd(run, 0);
        slots.Enter();
        _metrics.Started(job.Type, TimeSpan.FromMicroseconds(_clock.Now - job.ReadyAt));
        ThreadPool.UnsafeQueueUserWorkItem(static item => _ = item.Runner.RunAsync(item.Run), (Runner: this, Run: run), preferLocal: false);
    }

    /// <summary>Cancels all of them.</summary>
    public void StopAll(StopReason reason)
    {
        foreach (JobRun run in Runs)
        {
            run.Stop(reason);
        }
    }

    private async Task RunAsync(JobRun run)
    {
        JobEnd? end;
        try
        {
            JobOutcome outcome = await run.Type.Handler(_services, run.Job.Mode).RunAsync(new JobContext(run), run.Token);
            end = run.IsCompleted ? null : _ending.Of(run, outcome);
        }
        catch (Exception exception)
        {
            // What the handler committed together with its completion is done, whatever it threw afterwards.
            end = run.IsCompleted ? null : _ending.Of(run, exception);
        }

        _metrics.Ran(run.Job.Type, run.Elapsed);
        if (end is null)
        {
            run.CountEnd(_metrics, JobState.Done, _clock.Now);
            _changes.Changed(run.Job.Id);
        }
        else
        {
            _completions.Add(run, end);
        }

        _runs.TryRemove(run, out _);
        run.Dispose();
        if (run.Slots.Leave())
        {
            _signal.Wake();
        }
    }
}
