using System.Diagnostics;
using System.Globalization;
using Iskra.Platform.Jobs;

namespace Iskra.Bench;

/// <summary>Does nothing; counts, and notes how old the job is when its payload says when it was made.</summary>
internal sealed class NoopJob : IJobHandler
{
    private static readonly Task<JobOutcome> Done = Task.FromResult(JobOutcome.Done);
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    /// <summary>Set to measure: from the call of the enqueueing to the handler.</summary>
    public LatencyHistogram? PickUp { get; set; }

    public Task<JobOutcome> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        if (PickUp is { } histogram)
        {
            long from = long.Parse(context.Payload, CultureInfo.InvariantCulture);
            histogram.Record((long)Stopwatch.GetElapsedTime(from).TotalMicroseconds);
        }

        Interlocked.Increment(ref _count);
        return Done;
    }
}
