using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Sagas;

/// <summary>Claims due sagas and drives them, a bounded number at a time; holds them for as long as this process lives.</summary>
internal sealed class SagaRunner : BackgroundService
{
    private readonly SagaStore _store;
    private readonly SagaCatalog _catalog;
    private readonly SagaDriver _driver;
    private readonly SagaSignal _signal;
    private readonly SagasOptions _options;
    private readonly SagasMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<SagaRunner> _log;
    private readonly string _holder = Guid.CreateVersion7().ToString("N");
    private readonly ConcurrentDictionary<Guid, Task> _active = new();
    private TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _sweptAt;

    public SagaRunner(
        SagaStore store,
        SagaCatalog catalog,
        SagaDriver driver,
        SagaSignal signal,
        IOptions<SagasOptions> options,
        SagasMetrics metrics,
        TimeProvider time,
        ILogger<SagaRunner> log)
    {
        _store = store;
        _catalog = catalog;
        _driver = driver;
        _signal = signal;
        _options = options.Value;
        _metrics = metrics;
        _time = time;
        _log = log;
    }

    /// <summary>Deletes all that is due for deletion now.</summary>
    internal async Task SweepAsync(CancellationToken cancellationToken)
    {
        int deleted;
        do
        {
            deleted = await _store.DeleteAsync(_time.GetUtcNow() - _options.Retention, _options.DeleteBatchMax, cancellationToken);
        }
        while (deleted == _options.DeleteBatchMax);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        if (_catalog.Keys.Count == 0)
        {
            return;
        }

        Task renewing = RenewAsync(stoppingToken);
        bool isFirst = true;
        while (!stoppingToken.IsCancellationRequested)
        {
            Task signal = _signal.Started.Next;
            Task ended = _ended.Task;
            bool isFull = false;
            try
            {
                if (isFirst)
                {
                    await _store.ReleaseAllAsync(stoppingToken);
                    isFirst = false;
                }

                isFull = await ClaimAsync(stoppingToken);
                await SweepSometimesAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                _log.RunnerFailed(exception);
            }
            catch (OperationCanceledException)
            {
                break;
            }

            await WaitAsync(isFull ? ended : signal, stoppingToken);
        }

        await Task.WhenAll(_active.Values);
        await renewing;
    }

    /// <summary>True when as many are driven as may be.</summary>
    private async Task<bool> ClaimAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            int free = _options.ConcurrencyMax - _active.Count;
            if (free <= 0)
            {
                _metrics.Saturated.Add(1);
                return true;
            }

            if (!await _store.HasDueAsync(cancellationToken))
            {
                return false;
            }

            IReadOnlyList<SagaRow> rows = await _store.ClaimAsync(
                _holder, _catalog.Keys, free, _options.LeaseDuration, cancellationToken);
            foreach (SagaRow row in rows)
            {
                // The entry is there before the drive can end and remove it.
                TaskCompletionSource entry = new(TaskCreationOptions.RunContinuationsAsynchronously);
                _active[row.Id] = entry.Task;
                _metrics.SetActive(_active.Count);
                _ = Task.Run(() => DriveAsync(row, entry, cancellationToken), CancellationToken.None);
            }

            if (rows.Count < free)
            {
                return false;
            }
        }
    }

    private async Task DriveAsync(SagaRow row, TaskCompletionSource entry, CancellationToken cancellationToken)
    {
        try
        {
            await _driver.DriveAsync(row, cancellationToken);
        }
        catch (SagaLostException)
        {
            _metrics.Lost.Add(1, SagasMetrics.Tag(row));
            _log.Lost(row.Id);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await ReleaseAsync(row);
        }
        catch (Exception exception)
        {
            // The row could not be saved: the database is away. What is true is in the row.
            _log.DriveFailed(exception, row.Id);
        }
        finally
        {
            _active.TryRemove(row.Id, out _);
            _metrics.SetActive(_active.Count);
            entry.SetResult();
            Interlocked.Exchange(ref _ended, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        }
    }

    private async Task ReleaseAsync(SagaRow row)
    {
        try
        {
            await _store.ReleaseAsync(row);
        }
        catch (Exception exception)
        {
            _log.DriveFailed(exception, row.Id);
        }
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(_options.LeaseDuration / 3, _time);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(cancellationToken);
                if (!_active.IsEmpty)
                {
                    await _store.RenewAsync(_holder, _active.Keys, _options.LeaseDuration, cancellationToken);
                }
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                _log.RunnerFailed(exception);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task SweepSometimesAsync(CancellationToken cancellationToken)
    {
        if (_sweptAt == 0 || _time.GetElapsedTime(_sweptAt) > TimeSpan.FromMinutes(1))
        {
            _sweptAt = _time.GetTimestamp();
            await SweepAsync(cancellationToken);
        }
    }

    private async Task WaitAsync(Task signal, CancellationToken cancellationToken)
    {
        try
        {
#pragma warning disable VSTHRD003 // Completed by whoever commits or ends, on no particular thread.
            await signal.WaitAsync(_options.PollInterval, _time, cancellationToken);
#pragma warning restore VSTHRD003
        }
        catch (TimeoutException)
        {
        }
        catch (OperationCanceledException)
        {
        }
    }
}
