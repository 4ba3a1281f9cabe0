namespace Iskra.Platform.Backup;

/// <summary>How far something long has come.</summary>
/// <param name="Phase">What is done now: "copying", "sealing", "reading", "restoring".</param>
/// <param name="Done">Bytes done.</param>
/// <param name="Total">Bytes in all; 0 when that isn't known.</param>
internal readonly record struct BackupProgress(string Phase, long Done, long Total);

/// <summary>Adds up what is done and passes it on.</summary>
internal sealed record BackupProgressSum(IProgress<BackupProgress>? Target, string Phase, long Total)
{
    private long _done;

    public void Add(long bytes) => Target?.Report(new BackupProgress(Phase, _done += bytes, Total));
}
