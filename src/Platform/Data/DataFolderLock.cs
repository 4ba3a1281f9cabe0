using System.Globalization;
using Iskra.Platform.Hosting;

namespace Iskra.Platform.Data;

/// <summary>
/// Holds the data folder for this process. The lock is the operating system's, on an open file, so it ends with the process however
/// that ends; the holder's file beside it only serves messages and may be out of date.
/// </summary>
internal sealed class DataFolderLock : IDisposable
{
    public const string LockFileName = "iskra.lock";
    public const string HolderFileName = "iskra.holder";
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    private readonly FileStream _file;
    private readonly string _holderPath;

    private DataFolderLock(FileStream file, string holderPath)
    {
        _file = file;
        _holderPath = holderPath;
    }

    public static DataFolderLock Acquire(string folder)
    {
        string path = Path.Combine(folder, LockFileName);
        string holderPath = Path.Combine(folder, HolderFileName);
        try
        {
            DataFolderLock held = new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1), holderPath);
            held.Publish(null);
            return held;
        }
        catch (IOException e) when (IsHeldByOther(e, path))
        {
            throw new StartupException(
                ExitCode.StoreInUse,
                $"The data folder '{folder}' is in use by another iskra process{DescribeHolder(holderPath)}. Stop it, or choose another "
                + "folder with --data DIR.",
                e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataFolder.NotWritable(folder, e);
        }
    }

    /// <summary>Writes who holds the folder. A failure is no reason to stop: the text only serves messages.</summary>
    public void Publish(string? address)
    {
        string process = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        try
        {
            File.WriteAllText(_holderPath, string.IsNullOrWhiteSpace(address) ? $"pid {process}" : $"pid {process}, {address}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    public void Dispose()
    {
        try
        {
            File.Delete(_holderPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }

        _file.Dispose();
    }

    // The lock shows as EWOULDBLOCK (11 on Linux, 35 on macOS) or as Windows' sharing violation; a missing path has its own types.
    private static bool IsHeldByOther(IOException e, string path) =>
        e is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException)
        && (e.HResult is 11 or 35 or WindowsSharingViolation)
        && File.Exists(path);

    private static string DescribeHolder(string holderPath)
    {
        try
        {
            string holder = File.ReadAllText(holderPath).ReplaceLineEndings(" ").Trim();
            return holder.Length is 0 or > 200 ? string.Empty : $" ({holder})";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }
}
