using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Backup;

/// <summary>Event ids 1900 to 1949.</summary>
internal static partial class Log
{
    [LoggerMessage(1900, LogLevel.Information,
        "Backup {File}: {Bytes} bytes of {ContentBytes} in {Milliseconds} ms, the store's log held back for {CopyMilliseconds} ms")]
    public static partial void Made(ILogger logger, string file, long bytes, long contentBytes, long milliseconds, long copyMilliseconds);

    [LoggerMessage(1901, LogLevel.Error, "The backup failed ({Fault}): {Reason}")]
    public static partial void Failed(ILogger logger, BackupFault fault, string reason);

    [LoggerMessage(1902, LogLevel.Error, "The backup failed")]
    public static partial void FailedUnexpectedly(ILogger logger, Exception exception);

    [LoggerMessage(1903, LogLevel.Warning,
        "A backup key was made in {Path}. Keep a copy of it away from this machine: without it no backup can be restored")]
    public static partial void KeyMade(ILogger logger, string path);

    [LoggerMessage(1904, LogLevel.Warning,
        "Backups go to {Folder}, inside the data folder: one lost disk takes both. Set Backup:Folder to another machine's disk")]
    public static partial void FolderInside(ILogger logger, string folder);

    [LoggerMessage(1905, LogLevel.Error, "The event of a backup could not be written")]
    public static partial void EventNotWritten(ILogger logger, Exception exception);

    [LoggerMessage(1906, LogLevel.Information, "Another process is making a backup in the same folder; this one is left out")]
    public static partial void LeftOut(ILogger logger);
}
