namespace Iskra.Platform.Jobs;

/// <summary>How a job's enqueueing ended.</summary>
public enum EnqueueStatus
{
    /// <summary>The job is stored (durably, unless the caller's transaction still has to commit).</summary>
    Created = 1,

    /// <summary>A job with this idempotency key and the same payload exists; its id is the answer.</summary>
    Exists = 2,

    /// <summary>A job with this idempotency key exists, and its payload is another one.</summary>
    ExistsWithOtherPayload = 3,

    /// <summary>No job type of this name is registered.</summary>
    UnknownType = 4,

    /// <summary>The payload is longer than <see cref="JobsOptions.PayloadLengthMax"/>.</summary>
    PayloadTooLarge = 5,

    /// <summary>The payload is no JSON.</summary>
    PayloadNotJson = 6,

    /// <summary>The priority is out of range.</summary>
    BadPriority = 7,

    /// <summary>The idempotency key is empty, too long or holds control characters.</summary>
    BadIdempotencyKey = 8,

    /// <summary>Too many jobs wait to be written; try again shortly.</summary>
    Busy = 9,
}

/// <summary>The answer to an enqueueing.</summary>
/// <param name="Status">What happened.</param>
/// <param name="JobId">The new or the existing job; empty when nothing is stored.</param>
public readonly record struct EnqueueResult(EnqueueStatus Status, Guid JobId)
{
    /// <summary>Whether a job with the request's content is stored, by this call or an earlier one.</summary>
    public bool IsAccepted => Status is EnqueueStatus.Created or EnqueueStatus.Exists;
}
