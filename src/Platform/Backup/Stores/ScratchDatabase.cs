using Dapper;
using Iskra.Platform.Data;
using Iskra.Platform.Data.Postgres;
using Npgsql;

namespace Iskra.Platform.Backup.Stores;

/// <summary>A database of its own on the configured server, dropped at the end: where a deep verification restores to.</summary>
internal sealed class ScratchDatabase : IAsyncDisposable
{
    private readonly PostgresAddress _address;
    private readonly string _name;

    private ScratchDatabase(PostgresAddress address, string name)
    {
        _address = address;
        _name = name;
        ConnectionString = new NpgsqlConnectionStringBuilder(address.Builder.ConnectionString) { Database = name }.ConnectionString;
    }

    public string ConnectionString { get; }

    public static async Task<ScratchDatabase> CreateAsync(DataOptions data, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(data.Database))
        {
            throw new BackupException(
                BackupFault.Failed,
                "the backup is of a PostgreSQL database: a deep verification needs a server, named by ISKRA_DATABASE, to restore it on");
        }

        PostgresAddress address = PostgresTarget.Address(data);
        string name = $"iskra_verify_{Guid.CreateVersion7():N}";
        await using NpgsqlConnection connection = await PostgresTarget.ConnectAsync(address, cancellationToken);
        try
        {
            await connection.ExecuteAsync($"create database {name} encoding 'UTF8' template template0");
        }
        catch (PostgresException e)
        {
            throw new BackupException(
                BackupFault.Unreachable,
                $"a deep verification creates a database on {address.Server} and drops it: {e.MessageText.ReplaceLineEndings(" ")} "
                + $"(alter role {address.User} createdb)",
                e);
        }

        return new ScratchDatabase(address, name);
    }

    public async ValueTask DisposeAsync()
    {
        await using NpgsqlConnection connection = await PostgresTarget.ConnectAsync(_address, CancellationToken.None);
        await connection.ExecuteAsync($"drop database if exists {_name} with (force)");
    }
}
