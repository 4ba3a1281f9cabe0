namespace Iskra.Platform.Jobs.Api;

/// <summary>What the command line does to jobs, on the store or on a running server.</summary>
internal interface IJobControl
{
    Task<IReadOnlyList<JobQueueItem>> QueuesAsync(CancellationToken cancellationToken);

    Task<IReadOnlyList<JobItem>> ListAsync(JobFilter filter, CancellationToken cancellationToken);

    Task<JobItem?> GetAsync(Guid id, CancellationToken cancellationToken);

    Task<JobCommandStatus> RetryAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Retries until nothing is dead, and answers how many.</summary>
    Task<int> RetryAllAsync(string type, CancellationToken cancellationToken);

    Task<JobCommandStatus> CancelAsync(Guid id, CancellationToken cancellationToken);

    Task PauseAsync(string type, CancellationToken cancellationToken);

    Task ResumeAsync(string type, CancellationToken cancellationToken);
}
