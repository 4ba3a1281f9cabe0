using System.Data.Common;
using Dapper;
using Iskra.Platform.Data;

namespace Iskra.Platform.Backup.Stores;

/// <summary>What a store says about itself, in one snapshot.</summary>
internal sealed record StoreFacts(
    string EngineDescription,
    DateTimeOffset TakenAt,
    IReadOnlyList<string> Migrations,
    IReadOnlyDictionary<string, long> Tables,
    IReadOnlyDictionary<string, long> Heads)
{
    private const string SqliteTables =
        "select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\' and sql not like 'create virtual%' "
        + "order by name";

    // Partitions are counted with their table.
    private const string PostgresTables =
        "select quote_ident(n.nspname) || '.' || quote_ident(c.relname) from pg_catalog.pg_class c "
        + "join pg_catalog.pg_namespace n on n.oid = c.relnamespace "
        + "where c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' order by 1";

    /// <summary>Reads them on a connection that shows one snapshot.</summary>
    public static async Task<StoreFacts> ReadAsync(
        DbConnection connection,
        DatabaseEngine engine,
        string engineDescription,
        DateTimeOffset takenAt,
        IEnumerable<BackupHead> heads,
        CancellationToken cancellationToken)
    {
        string list = engine == DatabaseEngine.Sqlite ? SqliteTables : PostgresTables;
        SortedDictionary<string, long> tables = new(StringComparer.Ordinal);
        foreach (string table in await connection.QueryAsync<string>(Command(list)))
        {
            // The name is the catalogue's own, quoted by it or here.
            string quoted = engine == DatabaseEngine.Sqlite ? $"\"{table.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : table;
            tables.Add(Plain(table), await connection.ExecuteScalarAsync<long>(Command($"select count(*) from {quoted}")));
        }

        SortedDictionary<string, long> positions = new(StringComparer.Ordinal);
        foreach (BackupHead head in heads.Where(head => tables.ContainsKey(head.Table)))
        {
            positions[head.Name] = await connection.ExecuteScalarAsync<long>(Command(head.Sql));
        }

        IEnumerable<string> migrations = tables.ContainsKey("schema_migrations")
            ? await connection.QueryAsync<string>(Command(
                "select module || '/' || version || ' ' || name from schema_migrations order by module, version"))
            : [];
        return new StoreFacts(engineDescription, takenAt, [.. migrations], tables, positions);

        CommandDefinition Command(string sql) => new(sql, commandTimeout: 0, cancellationToken: cancellationToken);
    }

    private static string Plain(string table) =>
        table.StartsWith("public.", StringComparison.Ordinal) ? table["public.".Length..].Trim('"') : table;
}
