using Iskra.Platform.Data;

namespace Iskra.Platform.Backup.Stores;

/// <summary>What to take a snapshot of, and how.</summary>
internal sealed record SnapshotRequest(
    DataOptions Data,
    BackupOptions Options,
    IReadOnlyCollection<BackupHead> Heads,
    IReadOnlyCollection<BackupExclusion> Exclusions,
    TimeProvider Time,
    IProgress<BackupProgress>? Progress)
{
    /// <summary>The time that this many bytes must have taken at least.</summary>
    public TimeSpan Pace(long bytes) =>
        Options.CopyBytesPerSecondMax == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(bytes / (double)Options.CopyBytesPerSecondMax);
}
