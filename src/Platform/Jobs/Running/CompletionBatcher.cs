using System.Threading.Channels;
using Iskra.Platform.Data;
using Iskra.Platform.Events;
using Iskra.Platform.Jobs.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Jobs.Running;

/// <summary>
/// Writes the ends of attempts, many in one transaction. While the database is away the ends wait here; the dispatcher claims nothing new
/// when there are too many of them. An end whose job was given to somebody else meanwhile is refused by its fencing token.
/// </summary>
internal sealed class CompletionBatcher
{
    private readonly Database _database;
    private readonly IJobStore _store;
    private readonly JobClock _clock;
    private readonly JobAnnouncer _announcer;
    private readonly JobChanges _changes;
    private readonly OutboxWriter _outbox;
    private readonly JobsOptions _options;
    private readonly JobsMetrics _metrics;
    private readonly ILogger<CompletionBatcher> _log;
    private readonly Channel<(JobRun Run, JobEnd End)> _waiting = Channel.CreateUnbounded<(JobRun, JobEnd)>();
    private int _count;

    public CompletionBatcher(
        Database database,
        IJobStore store,
        JobClock clock,
        JobAnnouncer announcer,
        JobChanges changes,
        OutboxWriter outbox,
        IOptions<JobsOptions> options,
        JobsMetrics metrics,
        ILogger<CompletionBatcher> log)
    {
        _database = database;
        _store = store;
        _clock = clock;
        _announcer = announcer;
        _changes = changes;
        _outbox = outbox;
        _options = options.Value;
        _metrics = metrics;
        _log = log;
    }

    /// <summary>Ends that are not durable yet. Never more than the limit and one attempt for each worker.</summary>
    public int Count => Volatile.Read(ref _count);

    public bool IsFull => Count >= _options.CompletionQueueMax;

    public void Add(JobRun run, JobEnd end)
    {
        Interlocked.Increment(ref _count);
        _waiting.Writer.TryWrite((run, end));
    }

    /// <summary>No more ends come; <see cref="RunAsync"/> returns when the last one is written.</summary>
    public void Complete() => _waiting.Writer.TryComplete();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        List<(JobRun Run, JobEnd End)> batch = new(_options.CompletionBatchMax);
        Backoff backoff = new("Writing completions", _options, _clock.Time, _log);
        while (await _waiting.Reader.WaitToReadAsync(cancellationToken))
        {
            while (batch.Count < _options.CompletionBatchMax && _waiting.Reader.TryRead(out (JobRun, JobEnd) item))
            {
                batch.Add(item);
            }

            await backoff.UntilDoneAsync(token => WriteAsync(batch, token), cancellationToken);
            Interlocked.Add(ref _count, -batch.Count);
            batch.Clear();
        }
    }

    private async Task WriteAsync(List<(JobRun Run, JobEnd End)> batch, CancellationToken cancellationToken)
    {
        JobEnd[] ends = new JobEnd[batch.Count];
        for (int i = 0; i < ends.Length; i++)
        {
            ends[i] = batch[i].End;
        }

        long now = _clock.Now;
        IReadOnlySet<Guid> found = await _database.WriteAsync(session => EndAsync(session, batch, ends, now), cancellationToken);
        if (found.Count < ends.Length)
        {
            _metrics.EndsRefused(ends.Length - found.Count);
            _log.EndsRefused(ends.Length - found.Count);
        }

        foreach ((JobRun run, JobEnd end) in batch)
        {
            if (found.Contains(end.Id))
            {
                Tell(run, end, now);
            }
        }
    }

    private async Task<IReadOnlySet<Guid>> EndAsync(
        DbSession session, List<(JobRun Run, JobEnd End)> batch, JobEnd[] ends, long now)
    {
        IReadOnlySet<Guid> found = await _store.EndAsync(session, ends, now);
        foreach ((JobRun run, JobEnd end) in batch)
        {
            if (end.State == JobState.Dead && found.Contains(end.Id))
            {
                await _outbox.AppendAsync(session, JobEvents.Lost(end.Id, run.Job.TenantId, run.Job.Type, end.State));
            }
        }

        return found;
    }

    private void Tell(JobRun run, JobEnd end, long now)
    {
        _changes.Changed(end.Id);
        if (end.IsFinal)
        {
            run.CountEnd(_metrics, end.State, now);
        }
        else if (end.State == JobState.Queued)
        {
            _announcer.Queued(run.Job.Type);
        }
        else if (end.State == JobState.Scheduled)
        {
            _announcer.Scheduled(end.ReadyAt);
        }
    }
}
