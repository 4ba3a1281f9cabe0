using Iskra.Platform.Hosting;

namespace Iskra.Platform.Encryption;

/// <summary>Files that only their owner may read.</summary>
internal static class KeyFolder
{
    private const UnixFileMode OwnerFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void Ensure(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerFolder);
        }
    }

    public static FileStreamOptions NewFile() => Options(FileMode.CreateNew, FileAccess.Write, FileShare.None);

    public static FileStreamOptions Options(FileMode mode, FileAccess access, FileShare share)
    {
        FileStreamOptions options = new() { Mode = mode, Access = access, Share = share };
        if (!OperatingSystem.IsWindows() && mode is FileMode.CreateNew or FileMode.OpenOrCreate)
        {
            options.UnixCreateMode = OwnerFile;
        }

        return options;
    }

    /// <summary>Puts a whole file in place, or nothing. False when it is there already and may not be replaced.</summary>
    public static bool Write(string path, ReadOnlySpan<byte> content, bool overwrite)
    {
        string folder = Path.GetDirectoryName(path)!;
        Ensure(folder);
        string temporary = Path.Combine(folder, $".new-{Guid.CreateVersion7():N}");
        using (FileStream file = new(temporary, NewFile()))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(temporary, path, overwrite);
            return true;
        }
        catch (IOException) when (!overwrite && File.Exists(path))
        {
            File.Delete(temporary);
            return false;
        }
    }

    public static StartupException Unusable(string path, Exception cause) => new(
        ExitCode.DataFolderNotWritable, $"The keys in '{path}' can't be read or written ({cause.GetType().Name}).", cause);
}
