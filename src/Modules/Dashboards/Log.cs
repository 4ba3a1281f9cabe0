using Microsoft.Extensions.Logging;

namespace Iskra.Modules.Dashboards;

/// <summary>Event ids 3000 to 3099.</summary>
internal static partial class Log
{
    [LoggerMessage(3000, LogLevel.Warning, "The pulse of this second could not be measured.")]
    public static partial void FrameFailed(this ILogger log, Exception exception);

    [LoggerMessage(3001, LogLevel.Warning, "Event {EventId}, schema version {SchemaVersion}, is not what Pulse expects and was left out.")]
    public static partial void EventUnreadable(this ILogger log, long eventId, int schemaVersion);
}
