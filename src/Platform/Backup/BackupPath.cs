namespace Iskra.Platform.Backup;

/// <summary>
/// A rule of a module's about files of the data folder, registered as a singleton. Without a rule a file is included, but one in
/// <c>keys/</c> is not. An exclusion wins over an inclusion.
/// </summary>
/// <param name="Path">A file, or a folder when it ends with <c>/</c>: below the data folder, with forward slashes.</param>
/// <param name="IsIncluded">Whether it belongs into a backup.</param>
public sealed record BackupPath(string Path, bool IsIncluded)
{
    /// <summary>The file or folder is part of the state: a restored system needs it.</summary>
    public static BackupPath Include(string path) => new(path, true);

    /// <summary>The file or folder must not be in a backup: a root key, data that a backup would keep alive.</summary>
    public static BackupPath Exclude(string path) => new(path, false);

    internal bool Matches(string path) =>
        Path.EndsWith('/') ? path.StartsWith(Path, StringComparison.Ordinal) : string.Equals(path, Path, StringComparison.Ordinal);
}
