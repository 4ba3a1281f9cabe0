using System.ComponentModel.DataAnnotations;

namespace Iskra.Platform.Data;

/// <summary>Where the data lives and how it is reached. Section <c>Data</c>.</summary>
public sealed class DataOptions
{
    public const string Section = "Data";

    /// <summary>Folder for the embedded database, key rings and exports. <c>--data</c>, <c>ISKRA_DATA</c>. Default <c>./data</c>.</summary>
    [Required]
    public string Folder { get; set; } = "data";

    /// <summary>
    /// A PostgreSQL URL or connection string (<c>ISKRA_DATABASE</c>); empty for the embedded engine. Holds a password: never logged.
    /// </summary>
    public string? Database { get; set; }

    /// <summary>Connection strings or URLs of read replicas, for reads that may lag.</summary>
    public IList<string> Replicas { get; } = [];

    /// <summary>Open read connections to SQLite, at most.</summary>
    [Range(1, 64)]
    public int SqliteReaders { get; set; } = 4;

    /// <summary>Writes waiting for SQLite's one writer; the next one is refused with <see cref="DatabaseBusyException"/>.</summary>
    [Range(1, 1_000_000)]
    public int SqliteWriteQueueMax { get; set; } = 10_000;

    /// <summary>Writes that share one transaction and one fsync on SQLite, at most.</summary>
    [Range(1, 10_000)]
    public int SqliteGroupMax { get; set; } = 500;

    /// <summary>Open connections to PostgreSQL, at most.</summary>
    [Range(1, 1_000)]
    public int PostgresConnectionsMax { get; set; } = 50;

    /// <summary>Attempts to connect to PostgreSQL while it can't be reached, with growing pauses from 0.1 s.</summary>
    [Range(1, 8)]
    public int PostgresConnectAttempts { get; set; } = 3;
}
