using Iskra.Platform.Data;

namespace Iskra.Platform.Backup;

/// <summary>A backup as a list shows it: from the file's name, header and end, without its key.</summary>
/// <param name="Path">The whole path.</param>
/// <param name="Id">Unique.</param>
/// <param name="Kind">Whether it stands alone.</param>
/// <param name="BaseId">The full backup that a differential one builds on.</param>
/// <param name="Engine">What it was made of, and can be restored into.</param>
/// <param name="CreatedAt">The moment that it shows.</param>
/// <param name="Bytes">Of the file.</param>
/// <param name="KeyId">Which key it needs.</param>
/// <param name="Fault">What is visibly wrong with it; null when nothing is. Only a verification reads all of it.</param>
internal sealed record BackupItem(
    string Path,
    Guid Id,
    BackupKind Kind,
    Guid? BaseId,
    DatabaseEngine Engine,
    DateTimeOffset CreatedAt,
    long Bytes,
    ulong KeyId,
    string? Fault)
{
    public string FileName => System.IO.Path.GetFileName(Path);
}
