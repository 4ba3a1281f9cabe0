namespace Iskra.Platform.Backup;

/// <summary>The answer of <c>GET /v1/system/backups</c>.</summary>
/// <param name="Items">Newest first.</param>
/// <param name="Folder">Where they are, on the server's machine.</param>
/// <param name="ScheduleSeconds">The interval of scheduled backups; null when none is scheduled.</param>
/// <param name="AgeSeconds">Age of the newest whole one; null when there is none.</param>
/// <param name="IsOverdue">Whether the schedule is behind.</param>
/// <param name="Running">The one under way; null when none is.</param>
/// <param name="LastFailure">Why the last one was not made; null after a success.</param>
/// <param name="LastFailureAt">When that was.</param>
internal sealed record BackupListDocument(
    IReadOnlyList<BackupDocument> Items,
    string Folder,
    double? ScheduleSeconds,
    double? AgeSeconds,
    bool IsOverdue,
    BackupRunDocument? Running,
    string? LastFailure,
    DateTimeOffset? LastFailureAt);

/// <summary>A backup in the list.</summary>
internal sealed record BackupDocument(
    Guid Id, string FileName, BackupKind Kind, Guid? BaseId, string Engine, DateTimeOffset CreatedAt, long Bytes, string? Fault);

/// <summary>A backup under way: what it does now, and bytes of that done and in all (0: not known).</summary>
internal sealed record BackupRunDocument(DateTimeOffset StartedAt, string Phase, long DoneBytes, long TotalBytes);
