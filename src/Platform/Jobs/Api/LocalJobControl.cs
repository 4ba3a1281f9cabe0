using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Jobs.Api;

/// <summary>Jobs of the store that this process has open.</summary>
internal sealed class LocalJobControl(JobDirectory jobs, TenantId tenant) : IJobControl
{
    private const int RetriedMax = 500;

    public async Task<IReadOnlyList<JobQueueItem>> QueuesAsync(CancellationToken cancellationToken) =>
        [.. (await jobs.QueuesAsync(tenant, cancellationToken)).Select(queue => JobQueueItem.From(queue, null))];

    public async Task<IReadOnlyList<JobItem>> ListAsync(JobFilter filter, CancellationToken cancellationToken) =>
        [.. (await jobs.ListAsync(tenant, filter, cancellationToken)).Select(JobItem.From)];

    public async Task<JobItem?> GetAsync(Guid id, CancellationToken cancellationToken) =>
        await jobs.GetAsync(tenant, id, cancellationToken) is { } job ? JobItem.From(job) : null;

    public Task<JobCommandStatus> RetryAsync(Guid id, CancellationToken cancellationToken) =>
        jobs.RetryAsync(tenant, id, cancellationToken);

    public async Task<int> RetryAllAsync(string type, CancellationToken cancellationToken)
    {
        int all = 0;
        int some;
        do
        {
            some = await jobs.RetryAllAsync(tenant, type, RetriedMax, cancellationToken);
            all += some;
        }
        while (some > 0);
        return all;
    }

    public Task<JobCommandStatus> CancelAsync(Guid id, CancellationToken cancellationToken) =>
        jobs.CancelAsync(tenant, id, cancellationToken);

    public Task PauseAsync(string type, CancellationToken cancellationToken) => jobs.PauseAsync(type, cancellationToken);

    public Task ResumeAsync(string type, CancellationToken cancellationToken) => jobs.ResumeAsync(type, cancellationToken);
}
