using Iskra.Platform.Jobs.Schedules;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Jobs.Running;

/// <summary>
/// The jobs' part of a serving process: holds the lease, claims, runs, completes, looks after the others. Each loop recovers by itself
/// when the database comes back. At the end it drains: claims nothing more, lets run what runs, gives back the rest.
/// </summary>
internal sealed class JobWorker : BackgroundService
{
    private readonly WorkerLease _lease;
    private readonly LeaseWatch _watch;
    private readonly Dispatcher _dispatcher;
    private readonly JobRunner _runner;
    private readonly CompletionBatcher _completions;
    private readonly JobAttention _attention;
    private readonly OverrunActions _overruns;
    private readonly JobRetention _retention;
    private readonly JobSchedules _schedules;
    private readonly QueueMeter _meter;
    private readonly PostgresJobListener _listener;
    private readonly JobTypes _types;
    private readonly JobClock _clock;
    private readonly JobsOptions _options;
    private readonly ILogger<JobWorker> _log;

    public JobWorker(
        WorkerLease lease,
        LeaseWatch watch,
        Dispatcher dispatcher,
        JobRunner runner,
        CompletionBatcher completions,
        JobAttention attention,
        OverrunActions overruns,
        JobRetention retention,
        JobSchedules schedules,
        QueueMeter meter,
        PostgresJobListener listener,
        JobTypes types,
        JobClock clock,
        IOptions<JobsOptions> options,
        ILogger<JobWorker> log)
    {
        _lease = lease;
        _watch = watch;
        _dispatcher = dispatcher;
        _runner = runner;
        _completions = completions;
        _attention = attention;
        _overruns = overruns;
        _retention = retention;
        _schedules = schedules;
        _meter = meter;
        _listener = listener;
        _types = types;
        _clock = clock;
        _options = options.Value;
        _log = log;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Off the start-up path.
        await Task.Yield();
        if (!_options.Run || _types.All.Count == 0)
        {
            return;
        }

        // Heartbeats and completions outlive the claims: what still runs is drained under the lease.
        using CancellationTokenSource drained = new();
        try
        {
            await Loop("Taking over").UntilDoneAsync(_watch.TakeOverAsync, stoppingToken);
            await Loop("Registering the worker").UntilDoneAsync(_lease.BeatAsync, stoppingToken);
            await Loop("Preparing the history").UntilDoneAsync(_retention.PrepareAsync, stoppingToken);
            await Loop("Storing schedules").UntilDoneAsync(_schedules.DeclareAsync, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        Task upkeep = Task.WhenAll(
            Loop("The heartbeat").RepeatAsync(_options.HeartbeatInterval, _lease.BeatAsync, drained.Token),
            Loop("Watching attempts").RepeatAsync(Min(_options.ProgressInterval, _options.SweepInterval), WatchAsync, drained.Token),
            Loop("The sweep").RepeatAsync(_options.SweepInterval, _watch.SweepAsync, stoppingToken),
            Loop("The sweep of deadlines").RepeatAsync(_options.SweepInterval, _overruns.SweepAsync, stoppingToken),
            Loop("Measuring queues").RepeatAsync(_options.MeasureInterval, _meter.MeasureAsync, stoppingToken),
            Loop("Schedules").RepeatAsync(_options.ScheduleInterval, _schedules.RunDueAsync, stoppingToken),
            Loop("Retention").RepeatAsync(_options.RetentionInterval, _retention.SweepAsync, stoppingToken),
            _listener.RunAsync(stoppingToken));
        Task completing = _completions.RunAsync(drained.Token);
        await _dispatcher.RunAsync(stoppingToken);
        await DrainAsync(completing);
        await drained.CancelAsync();
        await upkeep;
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private Backoff Loop(string name) => new(name, _options, _clock.Time, _log);

    private Task WatchAsync(CancellationToken cancellationToken)
    {
        _lease.Check();
        return _attention.WatchAsync(cancellationToken);
    }

    private async Task DrainAsync(Task completing)
    {
        await WaitForRunsAsync(_options.DrainTimeout);
        _runner.StopAll(StopReason.Shutdown);
        await WaitForRunsAsync(_options.CancellationGrace);
        int running = _runner.Count;
        _completions.Complete();
        try
        {
            await completing.WaitAsync(_options.CancellationGrace, _clock.Time);
            if (running == 0)
            {
                await _lease.LeaveAsync(CancellationToken.None).WaitAsync(_options.CancellationGrace, _clock.Time);
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The database is away: the lease ends by itself, and the others take the jobs back.
            _log.LoopFailed(exception, "Draining", 1, 0);
        }

        if (running > 0)
        {
            _log.DrainIncomplete(running);
        }
    }

    private async Task WaitForRunsAsync(TimeSpan limit)
    {
        long from = _clock.Time.GetTimestamp();
        while (_runner.Count > 0 && _clock.Time.GetElapsedTime(from) < limit)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), _clock.Time);
        }
    }
}
