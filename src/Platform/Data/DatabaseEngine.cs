namespace Iskra.Platform.Data;

/// <summary>The relational engines that Iskra runs on.</summary>
public enum DatabaseEngine
{
    /// <summary>Embedded; one file in the data folder; one writer per file.</summary>
    Sqlite = 0,

    /// <summary>A PostgreSQL server, 14 or newer.</summary>
    Postgres = 1,
}
