using System.Data.Common;
using Dapper;

namespace Iskra.Platform.Data;

/// <summary>
/// One connection, inside a transaction when it writes, lent to a delegate by <see cref="Database"/>. Valid only until the delegate
/// returns; not thread-safe. On SQLite the calls complete synchronously: a delegate must not await anything but this session.
/// </summary>
public sealed class DbSession
{
    internal DbSession(DbConnection connection, DbTransaction? transaction, DatabaseEngine engine)
    {
        Connection = connection;
        Transaction = transaction;
        Engine = engine;
    }

    /// <summary>The open connection, for what Dapper can't say (COPY, prepared statements held by the caller).</summary>
    public DbConnection Connection { get; }

    /// <summary>The transaction of a write; null for a read.</summary>
    public DbTransaction? Transaction { get; }

    public DatabaseEngine Engine { get; }

    /// <summary>Runs a statement and returns the rows affected.</summary>
    public Task<int> ExecuteAsync(string sql, object? parameters = null) => Connection.ExecuteAsync(sql, parameters, Transaction);

    /// <summary>Runs a query and maps each row by column name (snake_case columns match PascalCase members).</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null) =>
        (await Connection.QueryAsync<T>(sql, parameters, Transaction)).AsList();

    /// <summary>The only row, or the default when there is none.</summary>
    public Task<T?> QuerySingleOrDefaultAsync<T>(string sql, object? parameters = null) =>
        Connection.QuerySingleOrDefaultAsync<T?>(sql, parameters, Transaction);

    /// <summary>The first column of the first row.</summary>
    public Task<T?> ScalarAsync<T>(string sql, object? parameters = null) =>
        Connection.ExecuteScalarAsync<T?>(sql, parameters, Transaction);
}
