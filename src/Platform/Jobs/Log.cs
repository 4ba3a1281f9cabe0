using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Jobs;

/// <summary>Event ids 1600 to 1699.</summary>
internal static partial class Log
{
    [LoggerMessage(1600, LogLevel.Warning, "Other processes could not be told of new jobs; they find them by their poll.")]
    public static partial void NotifyFailed(this ILogger log, Exception exception);

    [LoggerMessage(1601, LogLevel.Information, "Worker {WorkerId} takes jobs as {Name}.")]
    public static partial void WorkerStarted(this ILogger log, Guid workerId, string name);

    [LoggerMessage(1602, LogLevel.Error, "{Loop} failed {Failures} times in a row; next attempt in {WaitMilliseconds} ms.")]
    public static partial void LoopFailed(this ILogger log, Exception exception, string loop, int failures, long waitMilliseconds);

    [LoggerMessage(1603, LogLevel.Information, "{Loop} works again after {Failures} failures.")]
    public static partial void LoopRecovered(this ILogger log, string loop, int failures);

    [LoggerMessage(1604, LogLevel.Warning, "Job {JobId} of type {Type} failed for the {Failures}. time; {Next}.")]
    public static partial void JobFailed(this ILogger log, Guid jobId, string type, int failures, string next);

    [LoggerMessage(1605, LogLevel.Error, "Worker {WorkerId} lost its lease: its jobs belong to others now and are cancelled here.")]
    public static partial void LeaseLost(this ILogger log, Guid workerId);

    [LoggerMessage(1606, LogLevel.Warning, "Worker {WorkerId} ({Name}) is dead: {Requeued} jobs go back, {Quarantined} are quarantined.")]
    public static partial void WorkerDead(this ILogger log, Guid workerId, string name, int requeued, int quarantined);

    [LoggerMessage(1607, LogLevel.Error, "Job {JobId} of type {Type} ignores its cancellation; its worker stays occupied.")]
    public static partial void CancellationIgnored(this ILogger log, Guid jobId, string type);

    [LoggerMessage(1608, LogLevel.Warning, "{Ends} attempts ended after their jobs had been given to others; their ends were refused.")]
    public static partial void EndsRefused(this ILogger log, int ends);

    [LoggerMessage(1609, LogLevel.Warning, "Memory is {LoadPercent} % in use: no jobs are claimed until it is below the limit.")]
    public static partial void MemoryFull(this ILogger log, int loadPercent);

    [LoggerMessage(1610, LogLevel.Information, "Memory is {LoadPercent} % in use: jobs are claimed again.")]
    public static partial void MemoryFree(this ILogger log, int loadPercent);

    [LoggerMessage(1611, LogLevel.Warning, "Job {JobId} of type {Type} is over its maximum time; action: {Action}.")]
    public static partial void Overrun(this ILogger log, Guid jobId, string type, OverrunAction action);

    [LoggerMessage(1612, LogLevel.Warning, "{Running} jobs did not end in time at shutdown; they run again when the lease has ended.")]
    public static partial void DrainIncomplete(this ILogger log, int running);

    [LoggerMessage(1613, LogLevel.Error, "Schedule {Schedule} can't be run: {Fault}")]
    public static partial void ScheduleBroken(this ILogger log, string schedule, string fault);
}
