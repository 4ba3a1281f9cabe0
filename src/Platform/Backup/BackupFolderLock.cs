namespace Iskra.Platform.Backup;

/// <summary>
/// One backup at a time in one folder, whichever process makes it. The lock ends with its process; what a killed one left unfinished is
/// removed by the next.
/// </summary>
internal sealed class BackupFolderLock : IDisposable
{
    private const string FileName = ".backup.lock";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream _file;

    private BackupFolderLock(FileStream file) => _file = file;

    /// <exception cref="BackupException">Another backup is under way, or the folder can't be written.</exception>
    public static BackupFolderLock Acquire(string folder)
    {
        try
        {
            if (!Directory.Exists(folder) && !OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder, OwnerOnly);
            }

            Directory.CreateDirectory(folder);
            string path = Path.Combine(folder, FileName);
            BackupFolderLock held = new(Open(path));
            foreach (string left in Directory.EnumerateFiles(folder, "*" + BackupCatalog.PartialExtension))
            {
                File.Delete(left);
            }

            return held;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw e is IOException full && DiskSpace.IsFull(full)
                ? new BackupException(BackupFault.NoSpace, $"the disk of '{folder}' is full", e)
                : new BackupException(
                    BackupFault.NotWritable,
                    $"the backup folder '{folder}' can't be created or written: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}",
                    e);
        }
    }

    public void Dispose() => _file.Dispose();

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
        }
        catch (IOException e) when (e.HResult is 11 or 35 or unchecked((int)0x80070020) && File.Exists(path))
        {
            throw new BackupException(
                BackupFault.Busy, $"another backup is being made in '{Path.GetDirectoryName(path)}'. Wait for it, then try again", e);
        }
    }
}
