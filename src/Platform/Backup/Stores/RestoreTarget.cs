using Iskra.Platform.Data;
using Iskra.Platform.Data.Postgres;
using Npgsql;

namespace Iskra.Platform.Backup.Stores;

/// <summary>An empty PostgreSQL database that pg_restore fills in one transaction: all of it, or nothing.</summary>
internal sealed class RestoreTarget : IAsyncDisposable
{
    private readonly PostgresProcess _restore;

    private RestoreTarget(PostgresProcess restore) => _restore = restore;

    /// <summary>Whether pg_restore stopped taking what it is given; <see cref="CompleteAsync"/> says why.</summary>
    public bool HasFailed { get; private set; }

    /// <exception cref="BackupException">The database is not empty or can't be reached, or there is no pg_restore.</exception>
    public static async Task<RestoreTarget> OpenAsync(DataOptions data, string? programs, CancellationToken cancellationToken)
    {
        PostgresAddress address = PostgresTarget.Address(data);
        await using NpgsqlConnection connection = await PostgresTarget.ConnectAsync(address, cancellationToken);
        try
        {
            if (!await PostgresTarget.IsEmptyAsync(connection))
            {
                throw new BackupException(
                    BackupFault.TargetNotEmpty, $"the database {address} is not empty. Create a new one and name it in ISKRA_DATABASE");
            }
        }
        catch (NpgsqlException e)
        {
            throw PostgresTarget.Fault(e, address);
        }

        string program = await PostgresPrograms.FindAsync(
            "pg_restore", connection.PostgreSqlVersion.Major, programs, cancellationToken);
        return new RestoreTarget(new PostgresProcess(PostgresPrograms.Describe(
            program,
            address,
            "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--no-password",
            $"--dbname={address.DatabaseName}")));
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _restore.Input.Write(bytes);
        }
        catch (IOException)
        {
            HasFailed = true;
            throw;
        }
    }

    public Task CompleteAsync(CancellationToken cancellationToken) => _restore.CompleteAsync(cancellationToken);

    public ValueTask DisposeAsync() => _restore.DisposeAsync();
}
