namespace Iskra.Platform.Sagas;

/// <summary>How often something is tried, and the waits in between: doubling, half to all of each at random.</summary>
public sealed record SagaRetryPolicy
{
    /// <summary>Attempts, the first included: 1 or more.</summary>
    public int AttemptsMax { get; init; } = 5;

    /// <summary>Wait after the first failure.</summary>
    public TimeSpan BackoffFirst { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest wait.</summary>
    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromMinutes(1);

    internal TimeSpan BackoffOf(int failures, double random)
    {
        double doubled = BackoffFirst.TotalMilliseconds * Math.Pow(2, Math.Clamp(failures - 1, 0, 30));
        return TimeSpan.FromMilliseconds(Math.Min(doubled, BackoffMax.TotalMilliseconds) * (0.5 + (random / 2)));
    }
}
