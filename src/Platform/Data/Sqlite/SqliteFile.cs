using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Iskra.Platform.Data.Sqlite;

/// <summary>The database file and how its connections are set up.</summary>
internal sealed class SqliteFile
{
    public const string FileName = "iskra.db";

    // Enough pages that a busy writer checkpoints about once a second rather than at every other commit.
    private const int AutoCheckpointPages = 4_000;
    private const long WalSizeLimitBytes = 64L * 1024 * 1024;
    private const int WriterCacheKib = 64 * 1024;
    private const int ReaderCacheKib = 16 * 1024;
    private const int BusyTimeoutMs = 5_000;

    private readonly string _writeConnectionString;
    private readonly string _readConnectionString;

    public SqliteFile(string folder)
    {
        DirectoryPath = folder;
        FilePath = Path.GetFullPath(Path.Combine(folder, FileName));
        _writeConnectionString = ConnectionString(SqliteOpenMode.ReadWriteCreate);
        _readConnectionString = ConnectionString(SqliteOpenMode.ReadOnly);
    }

    public string DirectoryPath { get; }

    public string FilePath { get; }

    public SqliteHandle OpenWriter() => Open(
        _writeConnectionString,
        // FULL: a commit that was answered survives a power cut, not only a crash of the process.
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;"
        + Setting($"PRAGMA busy_timeout = {BusyTimeoutMs}; PRAGMA cache_size = -{WriterCacheKib};")
        + Setting($"PRAGMA journal_size_limit = {WalSizeLimitBytes}; PRAGMA wal_autocheckpoint = {AutoCheckpointPages};"));

    public SqliteHandle OpenReader() => Open(
        _readConnectionString,
        Setting($"PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA busy_timeout = {BusyTimeoutMs}; ")
        + Setting($"PRAGMA cache_size = -{ReaderCacheKib};"));

    private static string Setting(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static SqliteHandle Open(string connectionString, string settings)
    {
        SqliteConnection connection = new(connectionString);
        try
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = settings;
            command.ExecuteNonQuery();
            // The settings alone may not touch the file; this finds a file that is no database now rather than later.
            command.CommandText = "SELECT count(*) FROM sqlite_master";
            command.ExecuteScalar();
            return new SqliteHandle(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private string ConnectionString(SqliteOpenMode mode) =>
        new SqliteConnectionStringBuilder { DataSource = FilePath, Mode = mode, Pooling = false }.ToString();
}
