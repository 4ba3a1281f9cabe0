using System.Data.Common;
using Dapper;
using Iskra.Platform.Hosting;
using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Data.Schema;

/// <summary>
/// Brings the schema up to date, or refuses. Every migration is a transaction of its own that first takes a lock and looks again, so
/// that processes that start together don't apply one twice.
/// </summary>
internal sealed class Migrator
{
    // "iskra" in ASCII; only this code takes it.
    private const long AdvisoryLock = 0x69736b7261;

    private const string CreateTable =
        """
        CREATE TABLE IF NOT EXISTS schema_migrations (
            module     text    NOT NULL,
            version    integer NOT NULL,
            name       text    NOT NULL,
            checksum   text    NOT NULL,
            applied_at bigint  NOT NULL,
            PRIMARY KEY (module, version)
        )
        """;

    private readonly DatabaseEngineBase _engine;
    private readonly IReadOnlyList<Migration> _migrations;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;

    public Migrator(DatabaseEngineBase engine, IReadOnlyList<Migration> migrations, TimeProvider timeProvider, ILogger logger)
    {
        _engine = engine;
        _migrations = migrations;
        _timeProvider = timeProvider;
        _logger = logger;
    }

    /// <summary>Migrates in exclusive use; in read-only use only checks.</summary>
    public async Task RunAsync(StoreAccess access, CancellationToken cancellationToken)
    {
        IReadOnlyList<AppliedMigration> applied = await _engine.ReadAsync(ReadAppliedAsync, stale: false, cancellationToken);
        Check(applied);
        List<Migration> pending = [.. _migrations.Where(migration => Find(applied, migration) is null)];
        if (pending.Count == 0)
        {
            return;
        }

        if (access == StoreAccess.ReadOnly)
        {
            throw new StartupException(
                ExitCode.Failure,
                $"The database has not been set up for this version yet ({pending[0].Module}/{pending[0].FileName} is missing). "
                + "Run 'iskra serve' once.");
        }

        await _engine.WriteAsync(CreateTableAsync, cancellationToken);
        foreach (Migration migration in pending)
        {
            await ApplyAsync(migration, cancellationToken);
        }
    }

    private static AppliedMigration? Find(IEnumerable<AppliedMigration> applied, Migration migration) =>
        applied.FirstOrDefault(row => row.Module == migration.Module && row.Version == migration.Version);

    private static async Task<IReadOnlyList<AppliedMigration>> ReadAppliedAsync(DbSession session)
    {
        bool exists = await session.ScalarAsync<long>(
            session.Engine == DatabaseEngine.Sqlite
                ? "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'"
                : "SELECT count(*) FROM pg_catalog.pg_class WHERE oid = to_regclass('schema_migrations')") > 0;
        return exists
            ? await session.QueryAsync<AppliedMigration>(
                "SELECT module, version, name, checksum FROM schema_migrations ORDER BY module, version")
            : [];
    }

    // SQLite's lock is the immediate transaction itself; on PostgreSQL two CREATE TABLE IF NOT EXISTS at once can both fail.
    private static async Task LockAsync(DbSession session)
    {
        if (session.Engine == DatabaseEngine.Postgres)
        {
            await RunAsync(session, $"SELECT pg_advisory_xact_lock({AdvisoryLock})");
        }
    }

    // A migration of a large table, or the wait for another process that runs one, may take longer than a command's usual limit.
    private static Task<int> RunAsync(DbSession session, string sql) =>
        session.Connection.ExecuteAsync(new CommandDefinition(sql, transaction: session.Transaction, commandTimeout: 0));

    private static async Task<bool> CreateTableAsync(DbSession session)
    {
        await LockAsync(session);
        await RunAsync(session, CreateTable);
        return true;
    }

    private void Check(IReadOnlyList<AppliedMigration> applied)
    {
        foreach (AppliedMigration row in applied)
        {
            List<Migration> ofModule = [.. _migrations.Where(migration => migration.Module == row.Module)];
            // A module that this process doesn't run says nothing about the program's age.
            if (ofModule.Count == 0)
            {
                continue;
            }

            Migration? known = ofModule.FirstOrDefault(migration => migration.Version == row.Version);
            if (known is null)
            {
                throw new StartupException(
                    ExitCode.DatabaseNewer,
                    $"The database was written by a newer version of Iskra: it has {row.Module}/{row.Version:D4}_{row.Name}.sql, which "
                    + "this program doesn't know. Run the newer version.");
            }

            if (!string.Equals(known.Checksum, row.Checksum, StringComparison.Ordinal))
            {
                throw new StartupException(
                    ExitCode.MigrationChanged,
                    $"Migration {known.Module}/{known.FileName} was changed after it had been applied to this database. "
                    + "Restore the file and put the change into a new migration.");
            }
        }
    }

    private async Task ApplyAsync(Migration migration, CancellationToken cancellationToken)
    {
        try
        {
            bool isApplied = await _engine.WriteAsync(session => ApplyAsync(session, migration), cancellationToken);
            if (isApplied)
            {
                Log.MigrationApplied(_logger, migration.Module, migration.Version, migration.Name);
            }
        }
        catch (DbException e)
        {
            throw new StartupException(
                ExitCode.Failure,
                $"Migration {migration.Module}/{migration.FileName} failed and was undone: {e.Message.ReplaceLineEndings(" ")}",
                e);
        }
    }

    private async Task<bool> ApplyAsync(DbSession session, Migration migration)
    {
        await LockAsync(session);
        IReadOnlyList<AppliedMigration> applied = await ReadAppliedAsync(session);
        if (Find(applied, migration) is not null)
        {
            Check(applied);
            return false;
        }

        string sql = migration.For(session.Engine);
        if (sql.Length > 0)
        {
            await RunAsync(session, sql);
        }

        await session.ExecuteAsync(
            "INSERT INTO schema_migrations (module, version, name, checksum, applied_at) "
            + "VALUES (@Module, @Version, @Name, @Checksum, @AppliedAt)",
            new { migration.Module, migration.Version, migration.Name, migration.Checksum, AppliedAt = _timeProvider.NowMicroseconds() });
        return true;
    }
}
