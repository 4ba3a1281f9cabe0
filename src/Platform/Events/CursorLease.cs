using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Events;

/// <summary>
/// Runs a body in one process of the installation at a time: takes the row, renews it beside the body, cancels the body when the row is
/// lost, and gives it back at the end so that another process starts at once.
/// </summary>
internal sealed class CursorLease
{
    private readonly CursorStore _cursors;
    private readonly EventsOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly string _holder = Guid.CreateVersion7().ToString("N");

    public CursorLease(CursorStore cursors, EventsOptions options, TimeProvider time, ILogger log)
    {
        _cursors = cursors;
        _options = options;
        _time = time;
        _log = log;
    }

    private TimeSpan RenewInterval => _options.LeaseDuration / 3;

    /// <summary>Runs until cancelled; the body begins anew each time the row is taken.</summary>
    public async Task RunAsync(
        string name, EventStart startAt, Func<long, CancellationToken, Task> body, CancellationToken cancellationToken)
    {
        int failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await _cursors.OpenAsync(name, startAt, cancellationToken);
                long? epoch = await _cursors.TryAcquireAsync(name, _holder, _options.LeaseDuration, cancellationToken);
                failures = 0;
                if (epoch is { } mine)
                {
                    await HoldAsync(name, mine, body, cancellationToken);
                    continue;
                }

                await PauseAsync(RenewInterval, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                failures++;
                TimeSpan wait = SubscriberLoop.BackoffOf(failures, _options, Random.Shared.NextDouble());
                _log.LeaseFailed(exception, name, (long)wait.TotalMilliseconds);
                await PauseAsync(wait, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task HoldAsync(
        string name, long epoch, Func<long, CancellationToken, Task> body, CancellationToken cancellationToken)
    {
        using CancellationTokenSource held = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task renewing = RenewAsync(name, epoch, held);
        try
        {
            await body(epoch, held.Token);
        }
        catch (LeaseLostException)
        {
            _log.LeaseLost(name);
        }
        catch (OperationCanceledException) when (held.IsCancellationRequested)
        {
        }
        finally
        {
            await held.CancelAsync();
            await renewing;
        }

        await ReleaseAsync(name, epoch);
    }

    private async Task RenewAsync(string name, long epoch, CancellationTokenSource held)
    {
        DateTimeOffset end = _time.GetUtcNow() + _options.LeaseDuration;
        while (!held.IsCancellationRequested)
        {
            await PauseAsync(RenewInterval, held.Token);
            try
            {
                if (!await _cursors.RenewAsync(name, epoch, _options.LeaseDuration, held.Token))
                {
                    await held.CancelAsync();
                    return;
                }

                end = _time.GetUtcNow() + _options.LeaseDuration;
            }
            catch (Exception) when (!held.IsCancellationRequested)
            {
                // The database is away. What this process still does is refused by the epoch; it stops when another may have taken over.
                if (_time.GetUtcNow() >= end)
                {
                    await held.CancelAsync();
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ReleaseAsync(string name, long epoch)
    {
        try
        {
            await _cursors.ReleaseAsync(name, epoch);
        }
        catch (Exception exception)
        {
            // It runs out by itself.
            _log.LeaseFailed(exception, name, 0);
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken) =>
        await Task.Delay(pause, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
