using Iskra.Platform.Jobs;

namespace Iskra.JobWorker;

/// <summary>Runs until its process is killed.</summary>
internal sealed class EndlessJob : IJobHandler, IDisposable
{
    private readonly SemaphoreSlim _started = new(0);

    public async Task<JobOutcome> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        _started.Release();
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        return JobOutcome.Done;
    }

    public async Task WaitAsync(int jobs)
    {
        for (int i = 0; i < jobs; i++)
        {
            await _started.WaitAsync();
        }
    }

    public void Dispose() => _started.Dispose();
}
