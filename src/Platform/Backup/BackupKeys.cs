using Iskra.Platform.Backup.Archive;
using Iskra.Platform.Data;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Backup;

/// <summary>Where the backup key comes from: <c>ISKRA_BACKUP_KEY</c>, or a file, made at its first use for its owner only.</summary>
internal sealed class BackupKeys(IOptions<BackupOptions> options, IOptions<DataOptions> data)
{
    private const string Variable = "ISKRA_BACKUP_KEY";
    private const UnixFileMode OwnerFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>For people.</summary>
    public string Source => IsGiven ? Variable : FilePath;

    public bool IsGiven => !string.IsNullOrWhiteSpace(options.Value.Key);

    public string FilePath => Path.GetFullPath(
        string.IsNullOrWhiteSpace(options.Value.KeyFile)
            ? Path.Combine(data.Value.Folder, BackupPaths.DefaultKeyFile)
            : options.Value.KeyFile);

    /// <summary>The key that exists.</summary>
    /// <exception cref="BackupException">There is none, or it can't be read.</exception>
    public ArchiveKey Load()
    {
        if (!IsGiven && !File.Exists(FilePath))
        {
            throw new BackupException(
                BackupFault.WrongKey,
                $"the backup key isn't there: set {Variable}, or name its file with --key-file (looked for '{FilePath}')");
        }

        return IsGiven
            ? Parse(options.Value.Key!, $"{BackupOptions.Section}:{nameof(BackupOptions.Key)} ({Variable})")
            : Parse(ReadFile(), $"'{FilePath}'");
    }

    /// <summary>The key, made when there is none: then the user must be told to keep a copy elsewhere.</summary>
    public ArchiveKey LoadOrCreate(out bool isNew)
    {
        isNew = false;
        if (IsGiven || File.Exists(FilePath))
        {
            return Load();
        }

        try
        {
            isNew = TryWrite(ArchiveKey.Create());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(BackupFault.NotWritable, $"the backup key can't be written to '{FilePath}' ({e.GetType().Name})", e);
        }

        return Load();
    }

    private static ArchiveKey Parse(string text, string source) =>
        ArchiveKey.Parse(text) ?? throw new BackupException(BackupFault.WrongKey, $"the backup key in {source} is not 32 bytes as base64");

    private string ReadFile()
    {
        try
        {
            return File.ReadAllText(FilePath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(BackupFault.WrongKey, $"the backup key in '{FilePath}' can't be read ({e.GetType().Name})", e);
        }
    }

    /// <summary>False when another process was first; its key is the one then.</summary>
    private bool TryWrite(ArchiveKey key)
    {
        string folder = Path.GetDirectoryName(FilePath)!;
        FileStreamOptions file = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerFolder);
            file.UnixCreateMode = OwnerFile;
        }

        string temporary = Path.Combine(folder, $".backup-{Guid.CreateVersion7():N}.tmp");
        using (FileStream stream = new(temporary, file))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(key.ToBase64() + "\n"));
            stream.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(temporary, FilePath, overwrite: false);
            FolderSync.Flush(folder);
            return true;
        }
        catch (IOException) when (File.Exists(FilePath))
        {
            File.Delete(temporary);
            return false;
        }
    }
}
