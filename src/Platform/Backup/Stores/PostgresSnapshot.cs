using Dapper;
using Iskra.Platform.Data;
using Iskra.Platform.Data.Postgres;
using Npgsql;

namespace Iskra.Platform.Backup.Stores;

/// <summary>
/// A dump by pg_dump in the snapshot of a transaction of our own, so that what the manifest says is exactly what the dump holds. Nothing is
/// stored in between: the dump is sealed while it comes.
/// </summary>
internal sealed class PostgresSnapshot : IStoreSnapshot
{
    private readonly NpgsqlConnection _connection;
    private readonly PostgresProcess _dump;

    private PostgresSnapshot(NpgsqlConnection connection, PostgresProcess dump, StoreFacts facts)
    {
        _connection = connection;
        _dump = dump;
        Facts = facts;
    }

    public StoreFacts Facts { get; }

    public long Length => 0;

    public static async Task<PostgresSnapshot> TakeAsync(SnapshotRequest request, CancellationToken cancellationToken)
    {
        PostgresAddress address = PostgresTarget.Address(request.Data);
        NpgsqlConnection connection = await PostgresTarget.ConnectAsync(address, cancellationToken);
        try
        {
            string program = await PostgresPrograms.FindAsync(
                "pg_dump", connection.PostgreSqlVersion.Major, request.Options.PostgresPrograms, cancellationToken);
            await connection.ExecuteAsync("begin isolation level repeatable read read only");
            string snapshot = (await connection.ExecuteScalarAsync<string>("select pg_export_snapshot()"))!;
            DateTimeOffset takenAt = request.Time.GetUtcNow();
            StoreFacts facts = await StoreFacts.ReadAsync(
                connection,
                DatabaseEngine.Postgres,
                $"PostgreSQL {connection.PostgreSqlVersion}",
                takenAt,
                request.Heads,
                cancellationToken);
            foreach (BackupExclusion exclusion in request.Exclusions.Where(exclusion => facts.Tables.ContainsKey(exclusion.Table)))
            {
                facts = facts with { Tables = new SortedDictionary<string, long>(facts.Tables.ToDictionary()) { [exclusion.Table] = 0 } };
            }

            // Our own chunks are compressed; a dump that is compressed already would only cost twice.
            PostgresProcess dump = new(PostgresPrograms.Describe(
                program,
                address,
                [
                    "--format=custom", "--compress=0", "--no-password", "--no-owner", "--no-privileges", $"--snapshot={snapshot}",
                    .. request.Exclusions.Select(exclusion => $"--exclude-table-data={exclusion.Table}"),
                ]));
            return new PostgresSnapshot(connection, dump, facts);
        }
        catch (NpgsqlException e)
        {
            await connection.DisposeAsync();
            throw PostgresTarget.Fault(e, address);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public Stream OpenRead() => _dump.Output;

    public Task CompleteAsync(CancellationToken cancellationToken) => _dump.CompleteAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _dump.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
