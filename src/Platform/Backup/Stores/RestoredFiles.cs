using Iskra.Platform.Backup.Archive;
using Microsoft.Win32.SafeHandles;

namespace Iskra.Platform.Backup.Stores;

/// <summary>Writes blocks to where they belong in files below a folder, for their owner only.</summary>
internal sealed class RestoredFiles(string folder) : IDisposable
{
    private const UnixFileMode OwnerFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Dictionary<string, SafeFileHandle> _files = new(StringComparer.Ordinal);

    /// <summary>Makes the file, of its length; an empty one gets no block.</summary>
    public void Create(ArchiveEntry entry)
    {
        string path = Path.GetFullPath(Path.Combine(folder, entry.Path));
        CreateFolder(Path.GetDirectoryName(path)!);
        SafeFileHandle file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        _files.Add(entry.Path, file);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, OwnerFile);
        }

        RandomAccess.SetLength(file, entry.Length);
    }

    public void Write(ArchiveEntry entry, int number, ReadOnlySpan<byte> bytes) =>
        RandomAccess.Write(_files[entry.Path], bytes, (long)number * ArchiveEntry.BlockSize);

    /// <summary>Everything is on the disk when this returns.</summary>
    public void Flush()
    {
        foreach ((string path, SafeFileHandle file) in _files)
        {
            RandomAccess.FlushToDisk(file);
            FolderSync.Flush(Path.GetDirectoryName(Path.Combine(folder, path))!);
        }
    }

    public void Dispose()
    {
        foreach (SafeFileHandle file in _files.Values)
        {
            file.Dispose();
        }

        _files.Clear();
    }

    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerFolder);
        }
    }
}
