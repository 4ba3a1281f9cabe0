using Iskra.Platform.Backup.Archive;

namespace Iskra.Platform.Backup;

/// <summary>A backup that was made.</summary>
/// <param name="Item">As a list shows it.</param>
/// <param name="Manifest">What it holds.</param>
/// <param name="ContentBytes">What a restore will write.</param>
/// <param name="CopyTime">Time for which the store's log was held back.</param>
/// <param name="Time">In all.</param>
/// <param name="IsKeyNew">Whether the key was made for it: the user must keep a copy elsewhere.</param>
/// <param name="Deleted">Old backups that retention removed.</param>
internal sealed record BackupResult(
    BackupItem Item,
    ArchiveManifest Manifest,
    long ContentBytes,
    TimeSpan CopyTime,
    TimeSpan Time,
    bool IsKeyNew,
    int Deleted);
