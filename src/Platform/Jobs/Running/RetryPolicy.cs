namespace Iskra.Platform.Jobs.Running;

/// <summary>How long a job waits after a failure.</summary>
internal static class RetryPolicy
{
    /// <summary>Doubles from the first wait to the longest; between (1 − jitter) and 1 of that, by <paramref name="random"/>.</summary>
    /// <param name="type">The type's policy.</param>
    /// <param name="failures">Failures so far, at least 1.</param>
    /// <param name="random">From 0 to 1.</param>
    public static TimeSpan WaitAfter(JobTypeOptions type, int failures, double random)
    {
        double doubled = type.BackoffFirst.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 40));
        double wait = Math.Min(doubled, type.BackoffMax.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(wait * (1 - (type.Jitter * (1 - random))));
    }
}
