using Iskra.Platform.Jobs.Storage;

namespace Iskra.Platform.Jobs.Running;

/// <summary>What happens to jobs that are over their type's maximum.</summary>
internal sealed class OverrunActions
{
    /// <summary>Judges claimed jobs before they start; answers those that start.</summary>
    public Task<IReadOnlyList<ClaimedJob>> AtClaimAsync(IReadOnlyList<ClaimedJob> claimed, Guid worker, long now) =>
        Task.FromResult(claimed);
}
