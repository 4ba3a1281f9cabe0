using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Caching;

/// <summary>Messages of the cache: events 1720 to 1749. Never a key or a value.</summary>
internal static partial class Log
{
    [LoggerMessage(1720, LogLevel.Warning, "Others' cache invalidations don't arrive now; values live {Seconds} s at most in memory")]
    internal static partial void EventsDown(ILogger logger, double seconds);

    [LoggerMessage(1721, LogLevel.Information, "Others' cache invalidations arrive; values in memory were dropped")]
    internal static partial void EventsUp(ILogger logger);

    [LoggerMessage(1722, LogLevel.Warning, "Listening for cache invalidations failed ({Reason}); it is tried again")]
    internal static partial void ListenFailed(ILogger logger, string reason);

    [LoggerMessage(1723, LogLevel.Warning, "A cache invalidation could not be sent to other processes ({Reason})")]
    internal static partial void NotifyFailed(ILogger logger, string reason);

    [LoggerMessage(1724, LogLevel.Warning, "Too many cache invalidations wait for Redis; whole kinds are invalidated when it is back")]
    internal static partial void UnsentOverflow(ILogger logger);
}
