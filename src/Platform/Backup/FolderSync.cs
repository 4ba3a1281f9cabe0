using System.Runtime.InteropServices;

namespace Iskra.Platform.Backup;

/// <summary>
/// Makes names durable: a renamed file is there after a power cut only when its folder was flushed as well. .NET opens no folders, so this
/// calls the system; on Windows names are durable with their files.
/// </summary>
internal static class FolderSync
{
    private const int ReadOnly = 0;

    /// <summary>Best effort: some network file systems refuse it, and it is no reason to fail then.</summary>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int file = Open(folder, ReadOnly);
        if (file >= 0)
        {
            _ = Flush(file);
            _ = Close(file);
        }
    }

#pragma warning disable SYSLIB1054 // The generated form needs unsafe code, which this project doesn't allow.
    [DllImport("libc", EntryPoint = "open", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(string path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Flush(int file);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int file);
#pragma warning restore SYSLIB1054
}
