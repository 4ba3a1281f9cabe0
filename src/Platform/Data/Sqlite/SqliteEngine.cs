using Iskra.Platform.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace Iskra.Platform.Data.Sqlite;

/// <summary>The embedded engine: one writer with group commit, a pool of readers, one file.</summary>
internal sealed class SqliteEngine : DatabaseEngineBase
{
    private readonly SqliteWriter? _writer;
    private readonly SqliteReaderPool _readers;

    private SqliteEngine(string description, SqliteWriter? writer, SqliteReaderPool readers)
    {
        Description = description;
        _writer = writer;
        _readers = readers;
    }

    public override DatabaseEngine Engine => DatabaseEngine.Sqlite;

    public override string Description { get; }

    public static SqliteEngine Open(
        DataOptions options, StoreAccess access, DataMetrics metrics, TimeProvider timeProvider, ILogger logger)
    {
        string description = SqliteLibrary.EnsureLoaded();
        SqliteFile file = new(options.Folder);
        if (access == StoreAccess.ReadOnly && !File.Exists(file.FilePath))
        {
            throw new StartupException(
                ExitCode.DatabaseUnreachable,
                $"There is no database in '{options.Folder}' yet. Run 'iskra serve' once, or name another folder with --data DIR.");
        }

        try
        {
            SqliteWriter? writer = null;
            if (access == StoreAccess.Exclusive)
            {
                writer = new SqliteWriter(file, options, metrics, timeProvider, logger);
            }
            else
            {
                file.OpenReader().Dispose();
            }

            return new SqliteEngine(description, writer, new SqliteReaderPool(file, options.SqliteReaders, metrics));
        }
        catch (SqliteException e)
        {
            throw ToStartup(e, file);
        }
    }

    public override Task<T> ReadAsync<T>(Func<DbSession, Task<T>> read, bool stale, CancellationToken cancellationToken) =>
        _readers.ReadAsync(read, cancellationToken);

    public override Task<T> WriteAsync<T>(Func<DbSession, Task<T>> write, CancellationToken cancellationToken) =>
        _writer is not null
            ? _writer.WriteAsync(write, cancellationToken)
            : throw new InvalidOperationException("The store was opened for reading only.");

    public override async ValueTask DisposeAsync()
    {
        // Readers first: the last connection to close, the writer's, moves the write-ahead log into the file.
        _readers.Dispose();
        if (_writer is not null)
        {
            await _writer.DisposeAsync();
        }
    }

    private static StartupException ToStartup(SqliteException e, SqliteFile file) => e.SqliteErrorCode switch
    {
        raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT => new StartupException(
            ExitCode.DatabaseUnreachable,
            $"'{file.FilePath}' is not a database, or is damaged. Move it away or restore a backup.",
            e),
        raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_FULL or raw.SQLITE_IOERR =>
            DataFolder.NotWritable(file.DirectoryPath, e),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new StartupException(
            ExitCode.StoreInUse,
            $"'{file.FilePath}' is locked by another program. Close it and start again.",
            e),
        _ => new StartupException(
            ExitCode.DatabaseUnreachable,
            $"'{file.FilePath}' can't be opened: {e.Message.ReplaceLineEndings(" ")}",
            e),
    };
}
