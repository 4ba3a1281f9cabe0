using Iskra.Modules.Cards.Ledger;
using Iskra.Modules.Cards.Posting;
using Iskra.Platform.Hosting;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.Logging;

namespace Iskra.Modules.Cards.Simulation;

/// <summary>
/// One tenant's simulated or replayed traffic, at a steady rate while it is on. When the ledger is busy it waits like any caller, and what
/// it missed by more than a second is left out.
/// </summary>
internal sealed class DemoRun : IDisposable
{
    private const int ChunkMax = 2_000;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan DebtMax = TimeSpan.FromSeconds(1);

    private readonly TenantId _tenant;
    private readonly PostingPipeline _pipeline;
    private readonly DemoOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly List<AccountRequest> _accounts = [];
    private readonly List<TransferRequest> _transfers = [];
    private double _speed;
    private volatile Task _run = Task.CompletedTask;

    public DemoRun(TenantId tenant, PostingPipeline pipeline, DemoOptions options, TimeProvider time, ILogger logger)
    {
        _tenant = tenant;
        _pipeline = pipeline;
        _options = options;
        _time = time;
        _logger = logger;
    }

    public DemoStatus Status => Volatile.Read(ref _speed) is > 0 and var speed
        ? new DemoStatus(Running: true, speed)
        : new DemoStatus(Running: false, Speed: null);

    /// <summary>Starts it, or changes the speed of what runs. Null: the configured speed.</summary>
    public void Start(double? speed)
    {
        double before = Interlocked.Exchange(ref _speed, speed ?? _options.Speed);
        if (before == 0)
        {
            _wake.Release();
        }
    }

    /// <summary>Stops it; the task ends when the last transfers are posted.</summary>
    public Task EndAsync()
    {
        Stop();
        return _run;
    }

    public void Dispose() => _wake.Dispose();

    /// <summary>Waits for <see cref="Start"/>, posts until <see cref="EndAsync"/>, and waits again.</summary>
    public async Task LoopAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await _wake.WaitAsync(stoppingToken);
                Task run = RunAsync(stoppingToken);
                _run = run.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
                await run;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                Stop();
                Log.DemoFailed(_logger, exception);
            }
        }

        Stop();
    }

    private void Stop() => Volatile.Write(ref _speed, 0);

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _speed) == 0)
        {
            // Stopped and started again before the former run noticed: it went on, and this wake-up is left over.
            return;
        }

        using ITrafficSource source = _options.File is { Length: > 0 } path
            ? new ReplayedTraffic(path, _time)
            : new SimulatedTraffic(_options, _time);
        Log.DemoStarted(_logger, Volatile.Read(ref _speed));
        long last = _time.GetTimestamp();
        double due = 0;
        while (Volatile.Read(ref _speed) is > 0 and var speed)
        {
            await Task.Delay(Tick, _time, cancellationToken);
            long now = _time.GetTimestamp();
            double rate = speed * DemoOptions.TransfersPerSecond;
            due = Math.Min(due + (rate * _time.GetElapsedTime(last, now).TotalSeconds), rate * DebtMax.TotalSeconds);
            last = now;
            while (due >= 1 && Volatile.Read(ref _speed) > 0)
            {
                int count = (int)Math.Min(due, ChunkMax);
                await PostAsync(source, count, cancellationToken);
                due -= count;
            }
        }

        Log.DemoStopped(_logger);
    }

    private async Task PostAsync(ITrafficSource source, int count, CancellationToken cancellationToken)
    {
        _accounts.Clear();
        _transfers.Clear();
        source.Next(count, _accounts, _transfers);
        if (_accounts.Count > 0)
        {
            AccountRequest[] accounts = [.. _accounts];
            await RepeatAsync(() => _pipeline.OpenAsync(_tenant, accounts), cancellationToken);
        }

        TransferRequest[] transfers = [.. _transfers];
        await RepeatAsync(() => _pipeline.PostAsync(_tenant, transfers), cancellationToken);
    }

    // The same transfers again and not others: those that follow rely on their funding.
    private async Task RepeatAsync(Func<Task<PostingResult>> send, CancellationToken cancellationToken)
    {
        while (true)
        {
            PostingResult result = await send();
            if (result.Outcome == PostingOutcome.Done)
            {
                return;
            }

            await Task.Delay(result.RetryAfter, _time, cancellationToken);
        }
    }
}
