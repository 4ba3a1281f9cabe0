using System.ComponentModel.DataAnnotations;

namespace Iskra.Platform.Backup;

/// <summary>Backups. Section <c>Backup</c>.</summary>
public sealed class BackupOptions
{
    public const string Section = "Backup";

    /// <summary>Time from one scheduled backup to the next; zero: none is scheduled. What came since the last one can be lost.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan Schedule { get; set; } = TimeSpan.Zero;

    /// <summary>Where backups go; empty: <c>backups</c> in the data folder, which is lost together with it. Better: another machine's
    /// disk.</summary>
    public string? Folder { get; set; }

    /// <summary>Backups kept, at most; a full one that a kept one builds on is kept too.</summary>
    [Range(1, 100_000)]
    public int Keep { get; set; } = 48;

    /// <summary>Older ones are deleted; the newest is kept whatever its age.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(7);

    /// <summary>The key, 32 bytes as base64 (<c>ISKRA_BACKUP_KEY</c>). A secret: never logged. Wins over <see cref="KeyFile"/>.</summary>
    public string? Key { get; set; }

    /// <summary>A file that holds the key; empty: <c>keys/backup.key</c> in the data folder, made at its first use.</summary>
    public string? KeyFile { get; set; }

    /// <summary>
    /// Backups of a SQLite store that may build on one full backup before the next full one; 0: each is a full one. On PostgreSQL every
    /// backup is a full one.
    /// </summary>
    [Range(0, 10_000)]
    public int DifferentialsMax { get; set; } = 23;

    /// <summary>The next backup is a full one when the last differential was larger than this part of its full one.</summary>
    [Range(0.01, 1.0)]
    public double DifferentialShareMax { get; set; } = 0.5;

    /// <summary>Bytes a second that the copy of a SQLite store may read, so that a writer beside it keeps its speed; 0: no limit.</summary>
    [Range(0, long.MaxValue)]
    public long CopyBytesPerSecondMax { get; set; } = 128L * 1024 * 1024;

    /// <summary>Space that a backup leaves free on each disk it writes to; it is refused rather than go below.</summary>
    [Range(0, 1L << 50)]
    public long FreeBytesMin { get; set; } = 64L * 1024 * 1024;

    /// <summary>The folder of pg_dump and pg_restore; empty: the ones that fit the server, found where packages put them.</summary>
    public string? PostgresPrograms { get; set; }

    /// <summary>Further files or folders (ending with <c>/</c>) below the data folder to include, those in <c>keys/</c> too.</summary>
    public IList<string> Include { get; } = [];

    /// <summary>Files or folders (ending with <c>/</c>) below the data folder to leave out.</summary>
    public IList<string> Exclude { get; } = [];
}
