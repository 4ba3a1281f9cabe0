using System.Security.Cryptography;
using Iskra.Platform.Data.Postgres;
using Iskra.Platform.Hosting;
using Npgsql;

namespace Iskra.Platform.Encryption;

/// <summary>Shares in a PostgreSQL database of their own, for replicas that share no folder. A destroyed share's row is gone.</summary>
internal sealed class PostgresErasureStore : IErasureStore
{
    private const string Schema = """
        create table if not exists iskra_erasure_store (only_row integer not null primary key check (only_row = 1), id uuid not null);
        create table if not exists iskra_erasure_shares (slot bigint generated always as identity primary key, share bytea not null);
        insert into iskra_erasure_store (only_row, id) values (1, gen_random_uuid()) on conflict do nothing;
        """;

    /// <summary>Any constant: two replicas that start at once must not make the tables at once.</summary>
    private const long SchemaLock = 0x69736b7261_01;

    private readonly NpgsqlDataSource _source;

    private PostgresErasureStore(NpgsqlDataSource source, string description, Guid id)
    {
        _source = source;
        Description = description;
        Id = id;
    }

    public Guid Id { get; }

    public string Description { get; }

    public static async Task<PostgresErasureStore> OpenAsync(string database, CancellationToken cancellationToken)
    {
        PostgresAddress address = PostgresAddress.Parse(database, out string fault)
            ?? throw new StartupException(ExitCode.BadConfiguration, $"Encryption:KeyDatabase (ISKRA_KEY_DATABASE) {fault}.");
        NpgsqlConnectionStringBuilder settings = new(address.Builder.ConnectionString)
        {
            PersistSecurityInfo = false,
            IncludeErrorDetail = false,
        };
        NpgsqlDataSource source = NpgsqlDataSource.Create(settings.ConnectionString);
        try
        {
            await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken);
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using NpgsqlCommand make = new($"select pg_advisory_xact_lock({SchemaLock}); {Schema}", connection, transaction);
            await make.ExecuteNonQueryAsync(cancellationToken);
            await using NpgsqlCommand read = new("select id from iskra_erasure_store", connection, transaction);
            var id = (Guid)(await read.ExecuteScalarAsync(cancellationToken))!;
            await transaction.CommitAsync(cancellationToken);
            return new PostgresErasureStore(source, address.ToString(), id);
        }
        catch (NpgsqlException e)
        {
            await source.DisposeAsync();
            throw PostgresErrors.ToStartup(e, address);
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    public async ValueTask<IReadOnlyList<long>> AllocateAsync(int count, CancellationToken cancellationToken)
    {
        byte[][] shares = [.. Enumerable.Range(0, count).Select(_ => RandomNumberGenerator.GetBytes(KeyWrap.KeySizeBytes))];
        await using NpgsqlCommand command = _source.CreateCommand(
            "insert into iskra_erasure_shares (share) select unnest($1) returning slot");
        command.Parameters.Add(new NpgsqlParameter { Value = shares });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        List<long> slots = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            slots.Add(reader.GetInt64(0));
        }

        return slots;
    }

    public async ValueTask<byte[]?> ReadAsync(long slot, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = _source.CreateCommand("select share from iskra_erasure_shares where slot = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = slot });
        return await command.ExecuteScalarAsync(cancellationToken) as byte[];
    }

    public async ValueTask DestroyAsync(long slot, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = _source.CreateCommand("delete from iskra_erasure_shares where slot = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = slot });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
