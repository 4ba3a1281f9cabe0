using Iskra.Platform.Jobs;

namespace Iskra.Platform.Tests.Jobs;

/// <summary>A handler that does what its test says.</summary>
internal sealed class TestJob : IJobHandler
{
    private int _running;
    private int _runningMost;

    public Func<JobContext, CancellationToken, Task<JobOutcome>> Body { get; set; } = (_, _) => Task.FromResult(JobOutcome.Done);

    /// <summary>The most attempts that ran at once.</summary>
    public int RunningMost => Volatile.Read(ref _runningMost);

    public int Running => Volatile.Read(ref _running);

    public async Task<JobOutcome> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        int running = Interlocked.Increment(ref _running);
        InterlockedMax(running);
        try
        {
            return await Body(context, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private void InterlockedMax(int value)
    {
        int seen = Volatile.Read(ref _runningMost);
        while (value > seen)
        {
            int before = Interlocked.CompareExchange(ref _runningMost, value, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }
}
