using Iskra.Platform.Hosting;

namespace Iskra.Platform.Data;

/// <summary>The folder that holds the embedded database, key rings and exports.</summary>
internal static class DataFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Creates the folder when it is missing, for its owner only, and proves that a file can be made in it.</summary>
    public static void EnsureWritable(string folder)
    {
        try
        {
            if (!Directory.Exists(folder))
            {
                Create(folder);
            }

            string probe = Path.Combine(folder, $".probe-{Guid.CreateVersion7():N}");
            using FileStream file = new(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw NotWritable(folder, e);
        }
    }

    public static StartupException NotWritable(string folder, Exception cause) =>
        new(
            ExitCode.DataFolderNotWritable,
            $"The data folder '{folder}' can't be created or written ({Reason(cause)}). Choose another with --data DIR or ISKRA_DATA.",
            cause);

    private static void Create(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly);
        }
    }

    private static string Reason(Exception cause) => cause switch
    {
        UnauthorizedAccessException => "permission denied",
        PathTooLongException => "the path is too long",
        _ => cause.Message.ReplaceLineEndings(" ").TrimEnd('.'),
    };
}
