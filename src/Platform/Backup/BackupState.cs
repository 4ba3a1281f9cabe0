namespace Iskra.Platform.Backup;

/// <summary>What is known of the backups now. Replaced whole.</summary>
/// <param name="RunningSince">When the one under way began; null when none is.</param>
/// <param name="Progress">How far the one under way is.</param>
/// <param name="Newest">The newest whole backup in the folder.</param>
/// <param name="LastFailure">Why the last one was not made; null after a success.</param>
/// <param name="LastFailureAt">When that was.</param>
internal sealed record BackupState(
    DateTimeOffset? RunningSince, BackupProgress Progress, BackupItem? Newest, string? LastFailure, DateTimeOffset? LastFailureAt)
{
    public static BackupState Unknown { get; } = new(null, default, null, null, null);
}
