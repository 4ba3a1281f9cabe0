using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Events;

/// <summary>Event ids 1400 to 1499.</summary>
internal static partial class Log
{
    [LoggerMessage(
        1400, LogLevel.Error, "Subscriber {Subscriber} failed {Failures} times in a row; next attempt in {WaitMilliseconds} ms.")]
    public static partial void SubscriberFailed(
        this ILogger log, Exception exception, string subscriber, int failures, long waitMilliseconds);

    [LoggerMessage(1401, LogLevel.Information, "Subscriber {Subscriber} works again after {Failures} failures.")]
    public static partial void SubscriberRecovered(this ILogger log, string subscriber, int failures);

    [LoggerMessage(1402, LogLevel.Warning, "The outbox was restored from another server's dump: all retained events are delivered again.")]
    public static partial void RestoredFromDump(this ILogger log);

    [LoggerMessage(1403, LogLevel.Error, "Old events could not be deleted; the next attempt follows.")]
    public static partial void RetentionFailed(this ILogger log, Exception exception);

    [LoggerMessage(1404, LogLevel.Warning, "{Events} events were deleted although a subscriber had not had them.")]
    public static partial void EventsExpired(this ILogger log, long events);
}
