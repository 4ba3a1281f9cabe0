using System.Data;
using System.Data.Common;
using Dapper;

namespace Iskra.Platform.Data;

/// <summary>
/// One connection, inside a transaction when it writes, lent to a delegate by <see cref="Database"/>. Valid only until the delegate
/// returns; not thread-safe. On SQLite the calls complete synchronously: a delegate must not await anything but this session.
/// </summary>
public sealed class DbSession
{
    private readonly CancellationToken _cancellationToken;
    private IDictionary<string, object>? _items;
    private List<Action>? _onCommitted;

    internal DbSession(
        DbConnection connection,
        DbTransaction? transaction,
        DatabaseEngine engine,
        IDictionary<string, object>? items = null,
        CancellationToken cancellationToken = default)
    {
        Connection = connection;
        Transaction = transaction;
        Engine = engine;
        _items = items;
        _cancellationToken = cancellationToken;
    }

    /// <summary>The open connection, for what Dapper can't say (COPY, prepared statements held by the caller).</summary>
    public DbConnection Connection { get; }

    /// <summary>The transaction of a write; null for a read.</summary>
    public DbTransaction? Transaction { get; }

    public DatabaseEngine Engine { get; }

    /// <summary>
    /// What a caller keeps with the connection, such as prepared commands; name keys after the module ("cards.insert-transfer"). On
    /// SQLite it lives as long as the connection, and its <see cref="IDisposable"/> values are disposed with it. On PostgreSQL it lives
    /// for this session only: there the driver prepares repeated statements by itself.
    /// </summary>
    public IDictionary<string, object> Items => _items ??= new Dictionary<string, object>(StringComparer.Ordinal);

    internal bool IsSnapshot { get; private set; }

    /// <summary>
    /// Runs <paramref name="action"/> once this write is durable, before its caller gets the answer; never when it is rolled back. For
    /// what others must hear of a commit: wake a worker, forget a cached value. It must be quick and must not throw or write.
    /// </summary>
    /// <exception cref="InvalidOperationException">The session only reads.</exception>
    public void OnCommitted(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        if (Transaction is null)
        {
            throw new InvalidOperationException("Only a write is committed; this session reads.");
        }

        (_onCommitted ??= []).Add(action);
    }

    /// <summary>What waits for the commit, handed over to who commits; the session forgets it.</summary>
    internal IReadOnlyList<Action> TakeOnCommitted()
    {
        List<Action>? actions = _onCommitted;
        _onCommitted = null;
        return actions ?? (IReadOnlyList<Action>)[];
    }

    /// <summary>
    /// From here to the end of a read, every query sees the same committed state; without it, each query sees the newest.
    /// </summary>
    /// <exception cref="InvalidOperationException">The session writes, or the snapshot was taken already.</exception>
    public async Task TakeSnapshotAsync()
    {
        if (Transaction is not null || IsSnapshot)
        {
            throw new InvalidOperationException("A snapshot is taken once, and only in a read.");
        }

        await ExecuteAsync(Engine == DatabaseEngine.Sqlite ? "BEGIN DEFERRED" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        IsSnapshot = true;
    }

    /// <summary>Runs a statement and returns the rows affected.</summary>
    public Task<int> ExecuteAsync(string sql, object? parameters = null) => Connection.ExecuteAsync(Define(sql, parameters));

    /// <summary>Runs a query and maps each row by column name (snake_case columns match PascalCase members).</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null) =>
        (await Connection.QueryAsync<T>(Define(sql, parameters))).AsList();

    /// <summary>The only row, or the default when there is none.</summary>
    public Task<T?> QuerySingleOrDefaultAsync<T>(string sql, object? parameters = null) =>
        Connection.QuerySingleOrDefaultAsync<T?>(Define(sql, parameters));

    /// <summary>The first column of the first row.</summary>
    public Task<T?> ScalarAsync<T>(string sql, object? parameters = null) =>
        Connection.ExecuteScalarAsync<T?>(Define(sql, parameters));

    /// <summary>Ends the snapshot, so that the connection can be lent again.</summary>
    internal async Task EndSnapshotAsync()
    {
        if (IsSnapshot && Connection.State == ConnectionState.Open)
        {
            await Connection.ExecuteAsync("ROLLBACK");
            IsSnapshot = false;
        }
    }

    private CommandDefinition Define(string sql, object? parameters) =>
        new(sql, parameters, Transaction, cancellationToken: _cancellationToken);
}
