namespace Iskra.Platform.Data;

/// <summary>
/// The one relational store: SQLite in the data folder, or PostgreSQL. Thread-safe; one per process. SQL is written once in the
/// common subset: upsert, RETURNING, CTE, window functions, partial indexes; instants are <c>bigint</c> microseconds since
/// 1970-01-01 UTC, money is <c>bigint</c> minor units, ids are UUIDv7 in <c>uuid</c>
/// (PostgreSQL) or <c>blob</c> (SQLite, 16 bytes big-endian).
/// </summary>
public sealed partial class Database : IAsyncDisposable
{
    /// <summary>The engine in use.</summary>
    public DatabaseEngine Engine => _engine.Engine;

    /// <summary>For people: "SQLite 3.40.1 (system)" or "PostgreSQL 15.20 at host:5432/name"; never a secret.</summary>
    public string Description => _engine.Description;

    /// <summary>Reads the newest committed state.</summary>
    public Task<T> ReadAsync<T>(Func<DbSession, Task<T>> read, CancellationToken cancellationToken = default) =>
        _engine.ReadAsync(read, stale: false, cancellationToken);

    /// <summary>Reads from a replica when one is configured: the answer may lag by seconds.</summary>
    public Task<T> ReadStaleAsync<T>(Func<DbSession, Task<T>> read, CancellationToken cancellationToken = default) =>
        _engine.ReadAsync(read, stale: true, cancellationToken);

    /// <summary>
    /// Runs <paramref name="write"/> in a transaction and returns when it is durable. An exception rolls back this write alone. On SQLite
    /// many callers share one transaction and one fsync.
    /// </summary>
    /// <exception cref="DatabaseBusyException">The write queue is full.</exception>
    public Task<T> WriteAsync<T>(Func<DbSession, Task<T>> write, CancellationToken cancellationToken = default) =>
        _engine.WriteAsync(write, cancellationToken);

    /// <summary>As <see cref="WriteAsync{T}"/>, without a result.</summary>
    public Task WriteAsync(Func<DbSession, Task> write, CancellationToken cancellationToken = default) =>
        _engine.WriteAsync<object?>(
            async session =>
            {
                await write(session);
                return null;
            },
            cancellationToken);
}
