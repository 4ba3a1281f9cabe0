using Iskra.Platform.Redis;

namespace Iskra.Platform.Limits;

/// <summary>
/// Checks limits: in Redis when it is configured, else, and while Redis doesn't answer, in this process. Never an error. Thread-safe.
/// </summary>
internal sealed class RateLimits
{
    private readonly LocalRateLimiter _local;
    private readonly RedisRateLimiter? _shared;
    private readonly RedisCircuit _circuit;
    private readonly RateLimitMetrics _metrics;

    public RateLimits(RateLimitOptions options, RateLimitMetrics metrics, TimeProvider time, RedisClient? redis)
    {
        _metrics = metrics;
        _local = new LocalRateLimiter(options.PartitionsMax, time, metrics);
        _shared = redis is null || !options.Shared ? null : new RedisRateLimiter(redis);
        _circuit = new RedisCircuit(time, options.CircuitOpenTime);
        metrics.Observe(_local, options.PartitionsMax, () => _circuit.IsOpen);
        if (redis is not null)
        {
            redis.ConnectionChanged += isConnected =>
            {
                if (isConnected)
                {
                    _circuit.Succeeded();
                }
            };
        }
    }

    /// <summary>Takes one permit of each limit, or none when one of them has none left.</summary>
    public async ValueTask<RateLimitResult[]> TakeAsync(ReadOnlyMemory<RateLimitCheck> checks)
    {
        RateLimitResult[] results = await TakeSharedAsync(checks) ?? TakeLocal(checks.Span);
        foreach (ref readonly RateLimitResult result in results.AsSpan())
        {
            if (!result.IsAllowed)
            {
                _metrics.Refused(result.Policy.Name);
            }
        }

        return results;
    }

    private async ValueTask<RateLimitResult[]?> TakeSharedAsync(ReadOnlyMemory<RateLimitCheck> checks)
    {
        if (_shared is null)
        {
            return null;
        }

        if (_circuit.TryEnter())
        {
            try
            {
                RateLimitResult[] results = await _shared.TakeAsync(checks);
                _circuit.Succeeded();
                return results;
            }
            catch (RedisException)
            {
                _circuit.Failed();
            }
        }

        _metrics.FellBack();
        return null;
    }

    private RateLimitResult[] TakeLocal(ReadOnlySpan<RateLimitCheck> checks)
    {
        RateLimitResult[] results = new RateLimitResult[checks.Length];
        for (int index = 0; index < checks.Length; index++)
        {
            results[index] = _local.Take(checks[index]);
            if (!results[index].IsAllowed)
            {
                // The limits before this one aren't charged for what isn't done; those after it weren't asked.
                for (int taken = 0; taken < index; taken++)
                {
                    _local.Return(checks[taken]);
                }

                return results[..(index + 1)];
            }
        }

        return results;
    }
}
