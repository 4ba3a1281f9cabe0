using System.Globalization;

namespace Iskra.Platform.Backup;

/// <summary>Asks before it writes, and tells a full disk from other faults.</summary>
internal static class DiskSpace
{
    private const int NoSpaceUnix = 28;
    private const int QuotaExceededLinux = 122;
    private const int DiskFullWindows = unchecked((int)0x80070070);

    /// <exception cref="BackupException">Less than <paramref name="bytes"/> would fit.</exception>
    public static void Require(string folder, long bytes, string what)
    {
        long free;
        try
        {
            free = new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // A file system that can't say must be tried.
            return;
        }

        if (free < bytes)
        {
            throw new BackupException(
                BackupFault.NoSpace,
                $"{what} needs {Size(bytes)} in '{folder}', and only {Size(free)} are free there. Free some space, or use another disk");
        }
    }

    public static bool IsFull(IOException e) => e.HResult is NoSpaceUnix or QuotaExceededLinux or DiskFullWindows;

    /// <summary>"1.2 GiB".</summary>
    public static string Size(long bytes) => bytes switch
    {
        >= 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.0} GiB"),
        >= 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):0.0} MiB"),
        >= 1L << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 10):0.0} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
    };
}
