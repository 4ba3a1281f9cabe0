using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Redis;

/// <summary>
/// Messages of the Redis client: events 1700 to 1719. A server appears as host, port and database; never a key or a value.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(1700, LogLevel.Information, "Connected to Redis {Version} at {Server} with RESP{Protocol}")]
    internal static partial void Connected(ILogger logger, string version, string server, int protocol);

    [LoggerMessage(1701, LogLevel.Warning, "Redis at {Server} can't be used ({Fault}: {Reason}); it is tried again until it can")]
    internal static partial void ConnectFailed(ILogger logger, string server, RedisFault fault, string reason);

    [LoggerMessage(1702, LogLevel.Warning, "The connection to Redis at {Server} broke ({Fault}: {Reason}); it is made anew")]
    internal static partial void ConnectionLost(ILogger logger, string server, RedisFault fault, string reason);

    [LoggerMessage(1703, LogLevel.Error, "A handler of Redis's messages failed")]
    internal static partial void HandlerFailed(ILogger logger, Exception exception);
}
