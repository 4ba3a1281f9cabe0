using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Sagas;

/// <summary>Event ids 1950 to 1999.</summary>
internal static partial class Log
{
    [LoggerMessage(1950, LogLevel.Warning, "Saga {SagaId} ({Name}): attempt {Attempt} at step {Step} failed.")]
    public static partial void StepFailed(this ILogger log, Exception exception, Guid sagaId, string name, int attempt, string step);

    [LoggerMessage(1951, LogLevel.Warning, "Saga {SagaId} ({Name}) is compensated because of step {Step}: {Reason}.")]
    public static partial void Compensating(this ILogger log, Guid sagaId, string name, string step, SagaReason reason);

    [LoggerMessage(1952, LogLevel.Error, "Saga {SagaId} ({Name}) is parked: the compensation of step {Step} failed for good.")]
    public static partial void Parked(this ILogger log, Guid sagaId, string name, string step);

    [LoggerMessage(1953, LogLevel.Information, "Saga {SagaId} is driven by another process.")]
    public static partial void Lost(this ILogger log, Guid sagaId);

    [LoggerMessage(1954, LogLevel.Error, "Saga {SagaId} could not be driven; it goes on when its lease ends.")]
    public static partial void DriveFailed(this ILogger log, Exception exception, Guid sagaId);

    [LoggerMessage(1955, LogLevel.Error, "Sagas could not be looked for; the next attempt follows.")]
    public static partial void RunnerFailed(this ILogger log, Exception exception);

    [LoggerMessage(1956, LogLevel.Information, "Saga {SagaId} is sent back to its compensation by {Caller}.")]
    public static partial void Retried(this ILogger log, Guid sagaId, string? caller);
}
