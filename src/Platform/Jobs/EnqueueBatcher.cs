using System.Threading.Channels;
using Iskra.Platform.Data;
using Iskra.Platform.Jobs.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Iskra.Platform.Jobs;

/// <summary>
/// Group commit for callers without a transaction: what waits is written together, and each caller is answered when its job is durable.
/// While one group is on its way to the disk the next one gathers, so groups grow with the load and a lone caller never waits for company.
/// </summary>
internal sealed class EnqueueBatcher : IAsyncDisposable
{
    // While the first waits for the disk the second is filled and prepared.
    private const int Writers = 2;

    private readonly Database _database;
    private readonly IJobStore _store;
    private readonly JobAnnouncer _announcer;
    private readonly JobsMetrics _metrics;
    private readonly int _batchMax;
    private readonly Channel<Pending> _waiting;
    private readonly Lock _gate = new();
    private Task? _writing;

    public EnqueueBatcher(
        Database database, IJobStore store, JobAnnouncer announcer, IOptions<JobsOptions> options, JobsMetrics metrics)
    {
        _database = database;
        _store = store;
        _announcer = announcer;
        _metrics = metrics;
        _batchMax = options.Value.EnqueueBatchMax;
        _waiting = Channel.CreateBounded<Pending>(new BoundedChannelOptions(options.Value.EnqueueQueueMax));
    }

    /// <summary>Null when too many wait.</summary>
    public Task<EnqueueResult>? TryAdd(NewJob job)
    {
        Start();
        Pending pending = new(job);
        if (_waiting.Writer.TryWrite(pending))
        {
            return pending.Task;
        }

        _metrics.EnqueueRefused();
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await (_writing ?? Task.CompletedTask);
    }

    private static bool IsFaultOfOne(Exception exception) =>
        exception is PostgresException { IsTransient: false } or SqliteException { SqliteErrorCode: 18 or 19 or 20 }
            or InvalidOperationException or ArgumentException or KeyNotFoundException;

    // At the first use: a program that only enqueues starts no background services.
    private void Start()
    {
        if (Volatile.Read(ref _writing) is null)
        {
            lock (_gate)
            {
                _writing ??= Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(WriteAsync)));
            }
        }
    }

    private async Task WriteAsync()
    {
        List<Pending> group = new(_batchMax);
        while (await _waiting.Reader.WaitToReadAsync())
        {
            while (group.Count < _batchMax && _waiting.Reader.TryRead(out Pending? pending))
            {
                group.Add(pending);
            }

            if (group.Count > 0)
            {
                await WriteAsync(group);
                group.Clear();
            }
        }
    }

    private async Task WriteAsync(IReadOnlyList<Pending> group)
    {
        NewJob[] jobs = new NewJob[group.Count];
        for (int i = 0; i < jobs.Length; i++)
        {
            jobs[i] = group[i].Job;
        }

        IReadOnlyList<EnqueueResult> results;
        try
        {
            results = await _database.WriteAsync(session => _store.InsertAsync(session, jobs));
        }
        catch (Exception exception) when (group.Count > 1 && IsFaultOfOne(exception))
        {
            // One of them is to blame; the others must not pay for it.
            foreach (Pending pending in group)
            {
                await WriteAsync([pending]);
            }

            return;
        }
        catch (Exception exception)
        {
            foreach (Pending pending in group)
            {
                pending.TrySetException(exception);
            }

            return;
        }

        _metrics.Enqueued(jobs, results);
        JobQueue.Announce(_announcer, jobs, results);
        for (int i = 0; i < jobs.Length; i++)
        {
            group[i].TrySetResult(results[i]);
        }
    }

    private sealed class Pending(NewJob job)
        : TaskCompletionSource<EnqueueResult>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public NewJob Job { get; } = job;
    }
}
