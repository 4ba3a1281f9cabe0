using System.Globalization;
using Iskra.Platform.Backup.Archive;
using Iskra.Platform.Data;

namespace Iskra.Platform.Backup;

/// <summary>The backups in a folder: which there are, and which are old enough to go.</summary>
internal static class BackupCatalog
{
    public const string Extension = ".iskbak";
    public const string PartialExtension = ".partial";

    public static string FileName(ArchiveHeader header) => string.Create(
        CultureInfo.InvariantCulture,
        $"iskra-{Instants.FromMicroseconds(header.CreatedAt):yyyyMMdd'T'HHmmss'Z'}-{(header.Kind == BackupKind.Full ? "full" : "diff")}-")
        + header.Id.ToString("N")[^8..] + Extension;

    /// <summary>Newest first. A folder that isn't there holds none.</summary>
    public static IReadOnlyList<BackupItem> List(string folder) =>
        Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*" + Extension).Select(Read).OrderByDescending(item => item.CreatedAt)]
            : [];

    /// <summary>The newest whole backup in a folder, or the file itself when it is one.</summary>
    /// <exception cref="BackupException">There is none.</exception>
    public static string Resolve(string fileOrFolder)
    {
        if (File.Exists(fileOrFolder))
        {
            return fileOrFolder;
        }

        return List(fileOrFolder).FirstOrDefault(item => item.Fault is null)?.Path
            ?? throw new BackupException(
                BackupFault.NotFound,
                Directory.Exists(fileOrFolder)
                    ? $"there is no backup in '{fileOrFolder}'"
                    : $"there is no file or folder '{fileOrFolder}'");
    }

    /// <summary>
    /// What retention would delete: everything beyond <paramref name="keep"/> or older than <paramref name="keepFor"/>, but never the
    /// newest, a full one that a kept one builds on, or a file that can't be read.
    /// </summary>
    public static IReadOnlyList<BackupItem> FindExpired(
        IReadOnlyList<BackupItem> items, int keep, TimeSpan keepFor, DateTimeOffset now)
    {
        BackupItem[] good = [.. items.Where(item => item.Fault is null).OrderByDescending(item => item.CreatedAt)];
        BackupItem[] kept = [.. good.Take(keep).Where((item, place) => place == 0 || now - item.CreatedAt <= keepFor)];
        HashSet<Guid> needed = [.. kept.Select(item => item.Id), .. kept.Select(item => item.BaseId).OfType<Guid>()];
        return [.. good.Where(item => !needed.Contains(item.Id))];
    }

    private static BackupItem Read(string path)
    {
        FileInfo info = new(path);
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
            string? fault = ArchiveReader.TryReadEnds(file, out ArchiveHeader? header, out _) ? null : "it is cut off";
            return new BackupItem(
                path,
                header!.Id,
                header.Kind,
                header.Kind == BackupKind.Full ? null : header.BaseId,
                header.Engine,
                Instants.FromMicroseconds(header.CreatedAt),
                file.Length,
                header.KeyId,
                fault);
        }
        catch (Exception e) when (e is BackupException or IOException or UnauthorizedAccessException)
        {
            return new BackupItem(
                path,
                Guid.Empty,
                BackupKind.Full,
                null,
                DatabaseEngine.Sqlite,
                new DateTimeOffset(info.LastWriteTimeUtc),
                info.Exists ? info.Length : 0,
                0,
                e is BackupException ? e.Message : "it can't be read");
        }
    }
}
