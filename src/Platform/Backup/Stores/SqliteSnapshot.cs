using Dapper;
using Iskra.Platform.Data;
using Iskra.Platform.Data.Sqlite;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Iskra.Platform.Backup.Stores;

/// <summary>
/// A copy of the SQLite file, made with SQLite's online backup inside one read transaction: the writer goes on, and its later commits are
/// not in the copy. The transaction holds back the write-ahead log only while the copy is made; the slow part reads the copy. The copy
/// stands in the data folder, where the same data stands in clear anyway.
/// </summary>
internal sealed class SqliteSnapshot : IStoreSnapshot
{
    private const int StepBytes = 1024 * 1024;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _folder;

    private SqliteSnapshot(string folder, StoreFacts facts)
    {
        _folder = folder;
        Facts = facts;
        Length = new FileInfo(CopyPath(folder)).Length;
    }

    public StoreFacts Facts { get; }

    public long Length { get; }

    public static async Task<SqliteSnapshot> TakeAsync(SnapshotRequest request, CancellationToken cancellationToken)
    {
        string description = SqliteLibrary.EnsureLoaded();
        SqliteFile file = new(request.Data.Folder);
        if (!File.Exists(file.FilePath))
        {
            throw new BackupException(
                BackupFault.NotFound, $"there is no store in '{request.Data.Folder}' yet; name another folder with --data DIR");
        }

        // A copy that a killed process left is of no use to anyone.
        string folder = Path.Combine(Path.GetFullPath(request.Data.Folder), BackupPaths.WorkFolder);
        Delete(folder);
        DiskSpace.Require(
            request.Data.Folder,
            new FileInfo(file.FilePath).Length + WalLength(file) + request.Options.FreeBytesMin,
            "the copy of the store");
        CreateFolder(folder);
        try
        {
            using SqliteConnection copy = new(
                new SqliteConnectionStringBuilder { DataSource = CopyPath(folder), Pooling = false }.ToString());
            await copy.OpenAsync(cancellationToken);
            await copy.ExecuteAsync("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE");
            DateTimeOffset takenAt;
            using (SqliteHandle source = file.OpenReader())
            {
                source.Execute("BEGIN");
                await source.Connection.ExecuteScalarAsync<long>("SELECT count(*) FROM sqlite_master");
                takenAt = request.Time.GetUtcNow();
                await CopyAsync(source.Connection, copy, request, cancellationToken);
                source.Execute("ROLLBACK");
            }

            await EmptyAsync(copy, request.Exclusions);
            StoreFacts facts = await StoreFacts.ReadAsync(
                copy, DatabaseEngine.Sqlite, description, takenAt, request.Heads, cancellationToken);
            await copy.CloseAsync();
            return new SqliteSnapshot(folder, facts);
        }
        catch (SqliteException e)
        {
            Delete(folder);
            throw e.SqliteErrorCode == raw.SQLITE_FULL
                ? new BackupException(BackupFault.NoSpace, $"the disk of '{folder}' is full", e)
                : new BackupException(
                    BackupFault.Failed, "the store can't be copied: " + e.Message.ReplaceLineEndings(" ").TrimEnd('.'), e);
        }
        catch
        {
            Delete(folder);
            throw;
        }
    }

    public Stream OpenRead() => new FileStream(
        CopyPath(_folder), FileMode.Open, FileAccess.Read, FileShare.None, bufferSize: 0, FileOptions.SequentialScan);

    public Task CompleteAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        Delete(_folder);
        return ValueTask.CompletedTask;
    }

    private static string CopyPath(string folder) => Path.Combine(folder, BackupPaths.Database);

    private static long WalLength(SqliteFile file) =>
        new FileInfo(file.FilePath + "-wal") is { Exists: true } log ? log.Length : 0;

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly);
        }
    }

    private static async Task CopyAsync(
        SqliteConnection source, SqliteConnection copy, SnapshotRequest request, CancellationToken cancellationToken)
    {
        int pageSize = await source.ExecuteScalarAsync<int>("PRAGMA page_size");
        using sqlite3_backup backup = raw.sqlite3_backup_init(copy.Handle, "main", source.Handle, "main");
        long start = request.Time.GetTimestamp();
        long bytes = 0;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int code = raw.sqlite3_backup_step(backup, StepBytes / pageSize);
            if (code == raw.SQLITE_DONE)
            {
                break;
            }

            SqliteException.ThrowExceptionForRC(code, copy.Handle);
            long total = (long)raw.sqlite3_backup_pagecount(backup) * pageSize;
            bytes = total - ((long)raw.sqlite3_backup_remaining(backup) * pageSize);
            request.Progress?.Report(new BackupProgress("copying", bytes, total));
            TimeSpan ahead = request.Pace(bytes) - request.Time.GetElapsedTime(start);
            if (ahead > TimeSpan.FromMilliseconds(1))
            {
                await Task.Delay(ahead, request.Time, cancellationToken);
            }
        }
    }

    private static async Task EmptyAsync(SqliteConnection copy, IReadOnlyCollection<BackupExclusion> exclusions)
    {
        foreach (string table in exclusions.Select(exclusion => exclusion.Table))
        {
            // The rows' bytes are overwritten, not only given up. Triggers that forbid a deletion are about the live store.
            if (await copy.ExecuteScalarAsync<long>(
                "select count(*) from sqlite_master where type = 'table' and name = @table", new { table }) == 1)
            {
                await copy.ExecuteAsync($"PRAGMA secure_delete = ON; PRAGMA foreign_keys = OFF; DELETE FROM \"{table}\"");
            }
        }
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
