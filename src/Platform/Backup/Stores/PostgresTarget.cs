using Dapper;
using Iskra.Platform.Data;
using Iskra.Platform.Data.Postgres;
using Iskra.Platform.Hosting;
using Npgsql;

namespace Iskra.Platform.Backup.Stores;

/// <summary>Connections to the PostgreSQL server apart from the store's own pool, which a restore must not open.</summary>
internal static class PostgresTarget
{
    public static PostgresAddress Address(DataOptions data) =>
        PostgresAddress.Parse(data.Database!, out string fault)
        ?? throw new BackupException(BackupFault.Failed, $"{DataOptions.Section}:{nameof(DataOptions.Database)} (ISKRA_DATABASE) {fault}");

    public static async Task<NpgsqlConnection> ConnectAsync(PostgresAddress address, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = new(new NpgsqlConnectionStringBuilder(address.Builder.ConnectionString)
        {
            Pooling = false,
            Timeout = 15,
            CommandTimeout = 0,
            ApplicationName = "iskra backup",
            IncludeErrorDetail = false,
        }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch (NpgsqlException e)
        {
            await connection.DisposeAsync();
            throw Fault(e, address);
        }
    }

    public static BackupException Fault(NpgsqlException e, PostgresAddress address)
    {
        StartupException startup = PostgresErrors.ToStartup(e, address);
        return new BackupException(BackupFault.Unreachable, startup.Message.TrimEnd('.'), e);
    }

    /// <summary>Tables, views, sequences, types and functions that are not the server's or an extension's.</summary>
    public static async Task<bool> IsEmptyAsync(NpgsqlConnection connection) =>
        await connection.ExecuteScalarAsync<long>(
            """
            select (select count(*) from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
                    and not exists (select 1 from pg_catalog.pg_depend d where d.objid = c.oid and d.deptype = 'e'))
                + (select count(*) from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
                where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
                    and not exists (select 1 from pg_catalog.pg_depend d where d.objid = p.oid and d.deptype = 'e'))
            """) == 0;
}
