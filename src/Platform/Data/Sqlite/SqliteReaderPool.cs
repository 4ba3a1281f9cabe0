using System.Collections.Concurrent;
using SQLitePCL;

namespace Iskra.Platform.Data.Sqlite;

/// <summary>Read-only connections, opened when needed, at most as many as allowed. WAL lets them read while the writer writes.</summary>
internal sealed class SqliteReaderPool : IDisposable
{
    private readonly SqliteFile _file;
    private readonly DataMetrics _metrics;
    private readonly SemaphoreSlim _free;
    private readonly ConcurrentStack<SqliteHandle> _idle = new();
    private volatile bool _isClosed;

    public SqliteReaderPool(SqliteFile file, int connectionsMax, DataMetrics metrics)
    {
        _file = file;
        _metrics = metrics;
        _free = new SemaphoreSlim(connectionsMax, connectionsMax);
    }

    public async Task<T> ReadAsync<T>(Func<DbSession, Task<T>> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_isClosed, typeof(Database));
        Task entering = _free.WaitAsync(cancellationToken);
        if (!entering.IsCompleted)
        {
            _metrics.ReadWaited();
        }

        await entering;
        try
        {
            return await ReadOnOneAsync(read, cancellationToken);
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose()
    {
        _isClosed = true;
        CloseIdle();
    }

    private async Task<T> ReadOnOneAsync<T>(Func<DbSession, Task<T>> read, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isClosed, typeof(Database));
        SqliteHandle handle = _idle.TryPop(out SqliteHandle? idle) ? idle : _file.OpenReader();
        try
        {
            T result = await read(new DbSession(handle.Connection, null, DatabaseEngine.Sqlite, handle.Items, cancellationToken));
            Return(handle);
            return result;
        }
        catch
        {
            // Whatever went wrong, a new connection costs less than a doubtful one.
            handle.Dispose();
            throw;
        }
    }

    private void Return(SqliteHandle handle)
    {
        if (raw.sqlite3_get_autocommit(handle.Connection.Handle) == 0)
        {
            // A snapshot left open would hold the write-ahead log for ever.
            handle.Execute("ROLLBACK");
        }

        _idle.Push(handle);
        if (_isClosed)
        {
            CloseIdle();
        }
    }

    private void CloseIdle()
    {
        while (_idle.TryPop(out SqliteHandle? handle))
        {
            handle.Dispose();
        }
    }
}
