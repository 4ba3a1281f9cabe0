using Dapper;
using Iskra.Platform.Backup.Archive;
using Iskra.Platform.Backup.Stores;
using Iskra.Platform.Data;
using Iskra.Platform.Data.Sqlite;
using Npgsql;

namespace Iskra.Platform.Backup;

/// <summary>Restores an archive into an empty data folder and, for PostgreSQL, an empty database.</summary>
internal static class BackupRestorer
{
    /// <summary>
    /// Writes everything and flushes it. A marker stands in the folder until the end; a fault removes what was written, a kill leaves the
    /// marker, and the server refuses such a folder.
    /// </summary>
    /// <param name="chain">What to restore.</param>
    /// <param name="target">The data folder, and the database where the archive is of PostgreSQL.</param>
    /// <param name="programs">The folder of pg_restore; null to look for it.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Gives up, and removes what was written.</param>
    /// <exception cref="BackupException">Why not.</exception>
    public static async Task RestoreAsync(
        ArchiveChain chain,
        DataOptions target,
        string? programs,
        IProgress<BackupProgress>? progress,
        CancellationToken cancellationToken)
    {
        string folder = Path.GetFullPath(target.Folder);
        bool isEmbedded = chain.Newest.Header.Engine == DatabaseEngine.Sqlite;
        CheckEngine(isEmbedded, target);
        CheckEmpty(folder, target.Folder);
        await using RestoreTarget? database = isEmbedded ? null : await RestoreTarget.OpenAsync(target, programs, cancellationToken);
        bool existed = Directory.Exists(folder);
        try
        {
            RestoredFiles.CreateFolder(folder);
            DiskSpace.Require(
                folder,
                chain.Newest.Index.Entries.Where(entry => isEmbedded || entry.Path != BackupPaths.Database).Sum(entry => entry.Length),
                "the restored store");
            RestoreMarker.Set(folder, Path.GetFileName(chain.Path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw WriteFault(folder, e);
        }

        try
        {
            await Task.Run(
                async () =>
                {
                    WriteBlocks(chain, folder, database, progress, cancellationToken);
                    if (database is not null)
                    {
                        await database.CompleteAsync(cancellationToken);
                    }
                },
                cancellationToken);
            await CheckHeadsAsync(chain, target, isEmbedded, cancellationToken);
            RestoreMarker.Remove(folder);
        }
        catch (Exception e)
        {
            Clear(folder, existed);
            bool isFile = e is IOException or UnauthorizedAccessException && database?.HasFailed != true;
            throw isFile ? WriteFault(folder, e) : await ReasonAsync(e, database);
        }
    }

    private static async Task<Exception> ReasonAsync(Exception e, RestoreTarget? database)
    {
        // A pipe that broke only says that pg_restore is gone; pg_restore says why.
        if (e is IOException && database is not null)
        {
            try
            {
                await database.CompleteAsync(CancellationToken.None);
            }
            catch (BackupException reason)
            {
                return reason;
            }
        }

        return e;
    }

    private static void WriteBlocks(
        ArchiveChain chain,
        string folder,
        RestoreTarget? database,
        IProgress<BackupProgress>? progress,
        CancellationToken cancellationToken)
    {
        using RestoredFiles files = new(folder);
        foreach (ArchiveEntry entry in chain.Newest.Index.Entries.Where(entry => database is null || entry.Path != BackupPaths.Database))
        {
            files.Create(entry);
        }

        chain.ReadBlocks(Write, new BackupProgressSum(progress, "restoring", chain.Length).Add, cancellationToken);
        files.Flush();

        void Write(ArchiveEntry entry, int number, ReadOnlySpan<byte> bytes)
        {
            if (database is not null && entry.Path == BackupPaths.Database)
            {
                // A dump is always whole and was written in order.
                database.Write(bytes);
            }
            else
            {
                files.Write(entry, number, bytes);
            }
        }
    }

    /// <summary>The store must say of itself what the snapshot said: the cheap part of a deep verification.</summary>
    private static async Task CheckHeadsAsync(ArchiveChain chain, DataOptions target, bool isEmbedded, CancellationToken cancellationToken)
    {
        const string Sql = "select module || '/' || version || ' ' || name from schema_migrations order by module, version";
        if (chain.Newest.Manifest.Migrations.Count == 0)
        {
            return;
        }

        IEnumerable<string> migrations;
        if (isEmbedded)
        {
            SqliteLibrary.EnsureLoaded();
            using SqliteHandle handle = new SqliteFile(target.Folder).OpenReader();
            migrations = await handle.Connection.QueryAsync<string>(Sql);
        }
        else
        {
            await using NpgsqlConnection connection = await PostgresTarget.ConnectAsync(PostgresTarget.Address(target), cancellationToken);
            migrations = await connection.QueryAsync<string>(Sql);
        }

        if (!migrations.SequenceEqual(chain.Newest.Manifest.Migrations))
        {
            throw new BackupException(BackupFault.Different, "the restored store is not the one that the manifest tells of");
        }
    }

    private static void CheckEngine(bool isEmbedded, DataOptions target)
    {
        bool hasDatabase = !string.IsNullOrWhiteSpace(target.Database);
        if (isEmbedded && hasDatabase)
        {
            throw new BackupException(
                BackupFault.Failed, "the backup is of an embedded store, and ISKRA_DATABASE names a PostgreSQL database: unset it");
        }

        if (!isEmbedded && !hasDatabase)
        {
            throw new BackupException(
                BackupFault.Failed,
                "the backup is of a PostgreSQL database: name the empty database to restore into with ISKRA_DATABASE");
        }
    }

    private static void CheckEmpty(string folder, string shown)
    {
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            throw new BackupException(
                BackupFault.TargetNotEmpty,
                $"the data folder '{shown}' is not empty. Restore into a new one with --data DIR, or move its content away");
        }
    }

    private static void Clear(string folder, bool existed)
    {
        try
        {
            foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).OrderBy(IsMarker))
            {
                File.Delete(file);
            }

            foreach (string inner in Directory.EnumerateDirectories(folder))
            {
                Directory.Delete(inner, recursive: true);
            }

            if (!existed)
            {
                Directory.Delete(folder);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The marker goes last: what can't be removed is never served.
        }
    }

    private static bool IsMarker(string path) => Path.GetFileName(path) == RestoreMarker.FileName;

    private static BackupException WriteFault(string folder, Exception e) => e is IOException io && DiskSpace.IsFull(io)
        ? new BackupException(BackupFault.NoSpace, $"the disk of '{folder}' is full; what had been restored was removed", e)
        : new BackupException(
            BackupFault.NotWritable, $"'{folder}' can't be written: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}", e);
}
