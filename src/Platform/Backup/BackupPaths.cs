using Iskra.Platform.Data;
using Iskra.Platform.Data.Sqlite;

namespace Iskra.Platform.Backup;

/// <summary>Which files of the data folder belong into a backup, and the names that this capability uses there.</summary>
internal static class BackupPaths
{
    /// <summary>The store's entry in an archive.</summary>
    public const string Database = "iskra.db";

    /// <summary>Where the copy of a SQLite store stands while it is read.</summary>
    public const string WorkFolder = "backup.tmp";

    /// <summary>Backups go here when no folder is set.</summary>
    public const string DefaultFolder = "backups";

    /// <summary>The backup key's file, below the data folder, when no other is set.</summary>
    public const string DefaultKeyFile = "keys/backup.key";

    private const string KeysFolder = "keys/";

    private static readonly string[] Never =
    [
        SqliteFile.FileName, SqliteFile.FileName + "-wal", SqliteFile.FileName + "-shm", SqliteFile.FileName + "-journal",
        DataFolderLock.LockFileName, DataFolderLock.HolderFileName, RestoreMarker.FileName, DefaultKeyFile,
    ];

    // Wherever the key folder is: with these a backup could open what it must not, and would bring back what was erased.
    private static readonly string[] NeverNames = ["root.key", "erasure.shares", "backup.key"];

    private static readonly string[] NeverFolders = [WorkFolder + "/", DefaultFolder + "/", "logs/", "cache/", "tmp/"];

    private static readonly string[] NeverExtensions = [".log", ".tmp", ".partial"];

    /// <summary>
    /// Paths below the data folder, with forward slashes, in order. Everything is included but the store itself, locks, logs, caches,
    /// temporary files, links, and what a rule excludes; from <c>keys/</c> only what a rule includes, so that no key gets into a backup
    /// because someone forgot to say that it must not. An exclusion wins.
    /// </summary>
    public static IReadOnlyList<string> Find(string dataFolder, string backupFolder, IReadOnlyCollection<BackupPath> rules)
    {
        if (!Directory.Exists(dataFolder))
        {
            return [];
        }

        string backups = Path.GetFullPath(backupFolder) + Path.DirectorySeparatorChar;
        EnumerationOptions all = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        return
        [
            .. Directory.EnumerateFiles(Path.GetFullPath(dataFolder), "*", all)
                .Where(file => !file.StartsWith(backups, StringComparison.Ordinal))
                .Select(file => Path.GetRelativePath(dataFolder, file).Replace('\\', '/'))
                .Where(path => IsIncluded(path, rules))
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Whether a path from an archive stays below the folder that it is restored into.</summary>
    public static bool IsSafe(string path) =>
        path.Length > 0 && !path.Contains('\\', StringComparison.Ordinal) && !path.Contains(':', StringComparison.Ordinal)
        && Array.TrueForAll(path.Split('/'), part => part.Length > 0 && part is not ("." or ".."));

    private static bool IsIncluded(string path, IReadOnlyCollection<BackupPath> rules)
    {
        if (Array.Exists(Never, name => name == path)
            || Array.Exists(NeverNames, name => Path.GetFileName(path).StartsWith(name, StringComparison.Ordinal))
            || rules.Any(rule => !rule.IsIncluded && rule.Matches(path)) || !IsSafe(path))
        {
            return false;
        }

        if (rules.Any(rule => rule.IsIncluded && rule.Matches(path)))
        {
            return true;
        }

        return !path.StartsWith(KeysFolder, StringComparison.Ordinal)
            && !Array.Exists(NeverFolders, folder => path.StartsWith(folder, StringComparison.Ordinal))
            && !Array.Exists(NeverExtensions, extension => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
            && !Path.GetFileName(path).StartsWith('.');
    }
}
