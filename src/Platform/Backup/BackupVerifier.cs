using Dapper;
using Iskra.Platform.Backup.Archive;
using Iskra.Platform.Backup.Stores;
using Iskra.Platform.Data;
using Iskra.Platform.Data.Postgres;
using Iskra.Platform.Data.Sqlite;
using Iskra.Platform.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Iskra.Platform.Backup;

/// <summary>Reads a backup to its last byte; deep: restores it aside and lets every module verify its own data.</summary>
internal sealed class BackupVerifier(
    IOptions<BackupOptions> options,
    IOptions<DataOptions> data,
    IEnumerable<Verification> verifications,
    IEnumerable<MigrationSet> migrations,
    TimeProvider time)
{
    /// <exception cref="BackupException">The archive is damaged.</exception>
    public static void Check(ArchiveChain chain, IProgress<BackupProgress>? progress, CancellationToken cancellationToken) =>
        chain.ReadBlocks(static (_, _, _) => { }, new BackupProgressSum(progress, "reading", chain.Length).Add, cancellationToken);

    /// <summary>What each check of the restored store found, the manifest's counts first.</summary>
    public async Task<IReadOnlyList<(string Name, VerificationOutcome Outcome)>> CheckDeepAsync(
        ArchiveChain chain, string workFolder, IProgress<BackupProgress>? progress, CancellationToken cancellationToken)
    {
        string folder = Path.Combine(Path.GetFullPath(workFolder), $"iskra-verify-{Guid.CreateVersion7():N}");
        await using ScratchDatabase? scratch = chain.Newest.Header.Engine == DatabaseEngine.Postgres
            ? await ScratchDatabase.CreateAsync(data.Value, cancellationToken)
            : null;
        DataOptions target = new() { Folder = Path.Combine(folder, "data"), Database = scratch?.ConnectionString };
        try
        {
            await BackupRestorer.RestoreAsync(chain, target, options.Value.PostgresPrograms, progress, cancellationToken);
            List<(string Name, VerificationOutcome Outcome)> outcomes =
                [("manifest", await CompareAsync(chain.Newest.Manifest, target, cancellationToken))];
            // Exclusive: a backup of an older version is migrated here as a start would do it.
            await using Database database = await Database.OpenAsync(
                target, migrations, StoreAccess.Exclusive, time, loggerFactory: null, cancellationToken);
            foreach (Verification verification in verifications)
            {
                progress?.Report(new BackupProgress($"verifying {verification.Name}", 0, 0));
                outcomes.Add((verification.Name, await verification.RunAsync(database, cancellationToken)));
            }

            return outcomes;
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private async Task<VerificationOutcome> CompareAsync(ArchiveManifest manifest, DataOptions target, CancellationToken cancellationToken)
    {
        List<string> differences = [];
        StoreFacts facts;
        if (target.Database is null)
        {
            using SqliteHandle handle = new SqliteFile(target.Folder).OpenReader();
            string check = (await handle.Connection.ExecuteScalarAsync<string>("PRAGMA integrity_check(1)"))!;
            if (check != "ok")
            {
                differences.Add($"SQLite's own check says: {check.ReplaceLineEndings(" ")}");
            }

            facts = await StoreFacts.ReadAsync(
                handle.Connection, DatabaseEngine.Sqlite, "", time.GetUtcNow(), [], cancellationToken);
        }
        else
        {
            PostgresAddress address = PostgresTarget.Address(target);
            await using NpgsqlConnection connection = await PostgresTarget.ConnectAsync(address, cancellationToken);
            facts = await StoreFacts.ReadAsync(connection, DatabaseEngine.Postgres, "", time.GetUtcNow(), [], cancellationToken);
        }

        foreach ((string table, long rows) in manifest.Tables)
        {
            if (!facts.Tables.TryGetValue(table, out long found) || found != rows)
            {
                differences.Add($"{table} has {found} rows; the manifest says {rows}");
            }
        }

        return new VerificationOutcome(
            differences.Count == 0,
            FormattableString.Invariant($"{manifest.Tables.Count} tables, {manifest.Tables.Values.Sum():#,0} rows"),
            differences);
    }
}
