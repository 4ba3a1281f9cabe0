using Iskra.Platform.Data;
using Iskra.Platform.Jobs.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Jobs.Running;

/// <summary>
/// Claims what can start now, for all types in one statement, and starts it. Sleeps until a signal, a free slot, the next scheduled job or
/// the poll.
/// </summary>
internal sealed class Dispatcher
{
    private readonly Database _database;
    private readonly IJobStore _store;
    private readonly JobRunner _runner;
    private readonly WorkerLease _lease;
    private readonly CompletionBatcher _completions;
    private readonly MemoryGate _memory;
    private readonly JobSignal _signal;
    private readonly JobClock _clock;
    private readonly OverrunActions _overruns;
    private readonly JobsOptions _options;
    private readonly JobsMetrics _metrics;
    private readonly ILogger<Dispatcher> _log;
    private readonly Dictionary<string, JobSlots> _slots;
    private readonly List<ClaimWish> _wishes = [];
    private long? _polledAt;
    private long _due = long.MaxValue;

    public Dispatcher(
        Database database,
        IJobStore store,
        JobTypes types,
        JobRunner runner,
        WorkerLease lease,
        CompletionBatcher completions,
        MemoryGate memory,
        JobSignal signal,
        JobClock clock,
        OverrunActions overruns,
        IOptions<JobsOptions> options,
        JobsMetrics metrics,
        ILogger<Dispatcher> log)
    {
        _database = database;
        _store = store;
        _runner = runner;
        _lease = lease;
        _completions = completions;
        _memory = memory;
        _signal = signal;
        _clock = clock;
        _overruns = overruns;
        _options = options.Value;
        _metrics = metrics;
        _log = log;
        _slots = types.All.ToDictionary(type => type.Name, type => new JobSlots(type, clock.Time), StringComparer.Ordinal);
    }

    /// <summary>The workers of each type.</summary>
    public IReadOnlyCollection<JobSlots> Slots => _slots.Values;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Backoff backoff = new("Claiming jobs", _options, _clock.Time, _log);
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                Task signal = _signal.Next;
                bool claimed = false;
                if (await backoff.TryAsync(async token => claimed = await StepAsync(token), cancellationToken) && !claimed)
                {
                    await WaitAsync(signal, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end.
        }
    }

    /// <summary>One look at the queues; true when something was claimed.</summary>
    internal async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        await LookAsync(cancellationToken);
        if (!_lease.IsHeld || !Wish() || !_memory.IsOpen())
        {
            return false;
        }

        if (_completions.IsFull)
        {
            _metrics.CompletionsWaited();
            return false;
        }

        Guid worker = _lease.WorkerId;
        long now = _clock.Now;
        foreach (ClaimWish wish in _wishes)
        {
            // Before the claim: what is signalled while it runs sets it again.
            _slots[wish.Type].MayHaveWork = false;
        }

        IReadOnlyList<ClaimedJob> claimed;
        try
        {
            // Not cancelled in the middle: a claim that was committed unseen would wait for the end of the lease.
            claimed = await _database.WriteAsync(session => _store.ClaimAsync(session, _wishes, worker, now), CancellationToken.None);
        }
        catch
        {
            _wishes.ForEach(wish => _slots[wish.Type].MayHaveWork = true);
            throw;
        }

        await StartAsync(claimed, worker, now);
        return claimed.Count > 0;
    }

    private async Task StartAsync(IReadOnlyList<ClaimedJob> claimed, Guid worker, long now)
    {
        foreach (ClaimWish wish in _wishes)
        {
            JobSlots slots = _slots[wish.Type];
            int count = claimed.Count(job => job.Type == wish.Type);
            slots.Rate.Take(count);
            if (count >= wish.Count)
            {
                slots.MayHaveWork = true;
            }
        }

        foreach (ClaimedJob job in await _overruns.AtClaimAsync(claimed, worker, now))
        {
            _runner.Start(job, _slots[job.Type], worker);
        }
    }

    /// <summary>Takes over the signals; at the poll, and when a scheduled job is due, looks into the tables.</summary>
    private async Task LookAsync(CancellationToken cancellationToken)
    {
        (IReadOnlyList<string> types, long due, bool poll) = _signal.Take();
        _due = Math.Min(_due, due);
        foreach (string type in types)
        {
            if (_slots.TryGetValue(type, out JobSlots? slots))
            {
                slots.MayHaveWork = true;
            }
        }

        bool isPollDue = _polledAt is not { } before || _clock.Time.GetElapsedTime(before) >= _options.PollInterval;
        if (poll || isPollDue || _due <= _clock.Now)
        {
            await PollAsync(cancellationToken);
        }
    }

    private async Task PollAsync(CancellationToken cancellationToken)
    {
        long now = _clock.Now;
        (long? due, IReadOnlyList<string> paused) = await _database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(PromoteSql(session.Engine), new { now, limit = _options.ClaimBatchMax * 10 });
                return (
                    await session.ScalarAsync<long?>("select min(ready_at) from jobs where state = 1"),
                    await session.QueryAsync<string>("select type from jobs_queues where paused_at is not null"));
            },
            cancellationToken);
        _polledAt = _clock.Time.GetTimestamp();
        _due = due ?? long.MaxValue;
        foreach (JobSlots slots in _slots.Values)
        {
            slots.IsPaused = paused.Contains(slots.Type.Name);
            slots.MayHaveWork = true;
            slots.Rate.SetProcesses(_lease.Processes);
        }
    }

    private static string PromoteSql(DatabaseEngine engine) =>
        engine == DatabaseEngine.Postgres
            ? """
              update jobs set state = 2 where id = any (array (
                  select id from jobs where state = 1 and ready_at <= @now order by ready_at limit @limit for update skip locked))
              """
            : """
              update jobs set state = 2 where id in (
                  select id from jobs where state = 1 and ready_at <= @now order by ready_at limit @limit)
              """;

    /// <summary>What can start now; false when it is nothing.</summary>
    private bool Wish()
    {
        _wishes.Clear();
        foreach (JobSlots slots in _slots.Values)
        {
            int free = slots.MayHaveWork && !slots.IsPaused ? Math.Min(slots.Free, _options.ClaimBatchMax) : 0;
            int allowed = slots.Rate.Available(free);
            if (allowed < free)
            {
                _metrics.RateLimited(slots.Type.Name);
            }

            if (allowed > 0)
            {
                _wishes.Add(new ClaimWish(slots.Type.Name, allowed));
            }
        }

        return _wishes.Count > 0;
    }

    private async Task WaitAsync(Task signal, CancellationToken cancellationToken)
    {
        TimeSpan wait = _options.PollInterval;
        if (_due != long.MaxValue)
        {
            wait = Min(wait, TimeSpan.FromMicroseconds(Math.Max(1_000, _due - _clock.Now)));
        }

        foreach (JobSlots slots in _slots.Values)
        {
            if (slots.MayHaveWork && !slots.IsPaused && slots.Free > 0 && slots.Rate.IsLimited)
            {
                wait = Min(wait, slots.Rate.UntilNext() + TimeSpan.FromMilliseconds(1));
            }
        }

        await signal.WaitAsync(wait, _clock.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
