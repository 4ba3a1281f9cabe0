using Iskra.Platform.Hosting;
using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Data;

/// <summary>Event ids 1000-1099.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information, "Opened {Store} for {Access} use")]
    public static partial void Opened(ILogger logger, string store, StoreAccess access);

    [LoggerMessage(1001, LogLevel.Information, "Applied migration {Module} {Version} {Name}")]
    public static partial void MigrationApplied(ILogger logger, string module, int version, string name);

    [LoggerMessage(1002, LogLevel.Error, "A transaction of {Writes} writes failed as a whole; the writer reopens its connection")]
    public static partial void GroupFailed(ILogger logger, Exception cause, int writes);

    [LoggerMessage(1003, LogLevel.Warning, "Replica {Replica} failed; its reads go to the primary for {Pause}")]
    public static partial void ReplicaFailed(ILogger logger, Exception cause, string replica, TimeSpan pause);

    [LoggerMessage(1004, LogLevel.Warning, "Can't connect to {Server}; attempt {Attempt} of {Attempts}")]
    public static partial void ConnectFailed(ILogger logger, Exception cause, string server, int attempt, int attempts);
}
