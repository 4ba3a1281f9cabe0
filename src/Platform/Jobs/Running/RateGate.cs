namespace Iskra.Platform.Jobs.Running;

/// <summary>
/// A token bucket for a type's starts. The rate holds for all processes together: each takes an equal share of it. A second's worth of
/// starts may come at once after a rest. Not thread-safe: the dispatcher's own.
/// </summary>
internal sealed class RateGate
{
    private readonly double _ratePerSecond;
    private readonly TimeProvider _time;
    private double _tokens;
    private long _filledAt;
    private double _share = 1;

    public RateGate(double ratePerSecond, TimeProvider time)
    {
        _ratePerSecond = ratePerSecond;
        _time = time;
        _tokens = Math.Max(1, ratePerSecond);
        _filledAt = time.GetTimestamp();
    }

    public bool IsLimited => _ratePerSecond > 0;

    /// <summary>One of so many processes.</summary>
    public void SetProcesses(int processes) => _share = 1.0 / Math.Max(1, processes);

    /// <summary>How many may start now, at most <paramref name="wanted"/>.</summary>
    public int Available(int wanted)
    {
        if (!IsLimited)
        {
            return wanted;
        }

        double rate = _ratePerSecond * _share;
        double burst = Math.Max(1, rate);
        _tokens = Math.Min(burst, _tokens + (_time.GetElapsedTime(_filledAt).TotalSeconds * rate));
        _filledAt = _time.GetTimestamp();
        return Math.Min(wanted, (int)_tokens);
    }

    public void Take(int starts) => _tokens -= IsLimited ? starts : 0;

    /// <summary>Until the next start is allowed.</summary>
    public TimeSpan UntilNext() =>
        !IsLimited || _tokens >= 1 ? TimeSpan.Zero : TimeSpan.FromSeconds((1 - _tokens) / (_ratePerSecond * _share));
}
