using Iskra.Platform.Hosting;

namespace Iskra.Platform.Backup;

/// <summary>
/// Stands in a data folder from the first moment of a restore until its last: a restore that was killed leaves it, and such a folder is
/// never served.
/// </summary>
internal static class RestoreMarker
{
    public const string FileName = "restore.incomplete";

    public static void Set(string folder, string archive)
    {
        using (FileStream file = new(PathIn(folder), FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes($"A restore from {archive} began here and has not ended.\n"));
            file.Flush(flushToDisk: true);
        }

        FolderSync.Flush(folder);
    }

    public static void Remove(string folder)
    {
        FolderSync.Flush(folder);
        File.Delete(PathIn(folder));
        FolderSync.Flush(folder);
    }

    /// <exception cref="StartupException">A restore into this folder has not ended.</exception>
    public static void Check(string folder)
    {
        if (File.Exists(PathIn(folder)))
        {
            throw new StartupException(
                ExitCode.RestoreIncomplete,
                $"The restore into '{folder}' did not finish, so its data is not complete. Empty the folder and run 'iskra backup restore' "
                + "again.");
        }
    }

    private static string PathIn(string folder) => Path.Combine(folder, FileName);
}
