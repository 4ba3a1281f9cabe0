using Iskra.Platform.Data;

namespace Iskra.Platform.Jobs.Storage;

/// <summary>The statements of the hot paths, which each engine does best in its own way. All run in the session's transaction.</summary>
internal interface IJobStore
{
    /// <summary>Inserts jobs. Those whose idempotency key is taken are left out, and the answer says so.</summary>
    Task<IReadOnlyList<EnqueueResult>> InsertAsync(DbSession session, IReadOnlyList<NewJob> jobs);

    /// <summary>Takes the first jobs of each wish for a worker, in the order of their places.</summary>
    Task<IReadOnlyList<ClaimedJob>> ClaimAsync(DbSession session, IReadOnlyList<ClaimWish> wishes, Guid workerId, long now);

    /// <summary>Ends attempts. Answers which jobs it found under their tokens: the others belong to somebody else by now.</summary>
    Task<IReadOnlySet<Guid>> EndAsync(DbSession session, IReadOnlyList<JobEnd> ends, long now);
}
