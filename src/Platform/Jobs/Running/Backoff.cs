using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Jobs.Running;

/// <summary>Repeats what failed because the database is away, with growing waits; logs each failure and the recovery.</summary>
internal sealed class Backoff
{
    private readonly string _name;
    private readonly JobsOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private int _failures;

    public Backoff(string name, JobsOptions options, TimeProvider time, ILogger log)
    {
        _name = name;
        _options = options;
        _time = time;
        _log = log;
    }

    /// <summary>Runs it until it succeeds or <paramref name="cancellationToken"/> ends it.</summary>
    public async Task UntilDoneAsync(Func<CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        while (!await TryAsync(action, cancellationToken))
        {
        }
    }

    /// <summary>Runs it once; after a failure waits, and answers false.</summary>
    public async Task<bool> TryAsync(Func<CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        try
        {
            await action(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            _failures++;
            TimeSpan wait = WaitAfter(_failures, _options, Random.Shared.NextDouble());
            _log.LoopFailed(exception, _name, _failures, (long)wait.TotalMilliseconds);
            await Task.Delay(wait, _time, cancellationToken);
            return false;
        }

        if (_failures > 0)
        {
            _log.LoopRecovered(_name, _failures);
            _failures = 0;
        }

        return true;
    }

    /// <summary>Repeats it at an interval until it is cancelled; failures change nothing but the wait.</summary>
    public async Task RepeatAsync(TimeSpan interval, Func<CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                if (await TryAsync(action, cancellationToken))
                {
                    await Task.Delay(interval, _time, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end.
        }
    }

    /// <summary>Half to all of the doubled wait.</summary>
    internal static TimeSpan WaitAfter(int failures, JobsOptions options, double random)
    {
        double doubled = options.BackoffFirst.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 30));
        return TimeSpan.FromMilliseconds(Math.Min(doubled, options.BackoffMax.TotalMilliseconds) * (0.5 + (random / 2)));
    }
}
