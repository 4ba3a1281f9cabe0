namespace Iskra.Platform.Jobs;

/// <summary>
/// Does the work of one type of jobs. A singleton that many workers call at once. A job may run again after a crash or a failure, so a
/// handler stands repeats: it makes its effects idempotent, or commits them together with <see cref="JobContext.CompleteAsync"/>.
/// </summary>
public interface IJobHandler
{
    /// <summary>
    /// Runs one attempt. An exception is a failure: the job is tried again by its type's policy.
    /// </summary>
    /// <param name="context">The job, its progress and its completion.</param>
    /// <param name="cancellationToken">
    /// Cancelled by a person, the attempt's time limit, the deadline, a lost lease or the end of the process. Throw
    /// <see cref="OperationCanceledException"/> then; what the cancellation was for decides what becomes of the job.
    /// </param>
    Task<JobOutcome> RunAsync(JobContext context, CancellationToken cancellationToken);
}
