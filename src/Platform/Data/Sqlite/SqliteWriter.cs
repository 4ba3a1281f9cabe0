using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Data.Sqlite;

/// <summary>
/// The one writer: a thread that takes the writes that wait, runs them in one transaction, each in its savepoint, and commits with one
/// fsync. While it waits for the disk the next group gathers, so groups grow with the load and a lone write never waits for company.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private readonly object _gate = new();
    private readonly Queue<SqliteWrite> _queue = new();
    private readonly List<SqliteWrite> _group = [];
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SqliteFile _file;
    private readonly DataOptions _options;
    private readonly DataMetrics _metrics;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private SqliteHandle? _handle;
    private bool _isClosing;

    public SqliteWriter(SqliteFile file, DataOptions options, DataMetrics metrics, TimeProvider timeProvider, ILogger logger)
    {
        _file = file;
        _options = options;
        _metrics = metrics;
        _timeProvider = timeProvider;
        _logger = logger;
        _handle = file.OpenWriter();
        metrics.ObserveWriteQueue(() => Depth, options.SqliteWriteQueueMax);
        _thread = new Thread(Loop) { IsBackground = true, Name = "iskra sqlite writer" };
        _thread.Start();
    }

    public int Depth
    {
        get
        {
            lock (_gate)
            {
                return _queue.Count;
            }
        }
    }

    public Task<T> WriteAsync<T>(Func<DbSession, Task<T>> write, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        if (Environment.CurrentManagedThreadId == _thread.ManagedThreadId)
        {
            throw new InvalidOperationException("A write inside a write would wait for itself; use the session that you have.");
        }

        SqliteWrite<T> queued = new(write, cancellationToken);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosing, typeof(Database));
            if (_queue.Count < _options.SqliteWriteQueueMax)
            {
                _queue.Enqueue(queued);
                Monitor.Pulse(_gate);
                return queued.Task;
            }
        }

        _metrics.WriteRejected();
        throw new DatabaseBusyException($"{_options.SqliteWriteQueueMax} writes wait already. Try again shortly.");
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isClosing = true;
            Monitor.Pulse(_gate);
        }

#pragma warning disable VSTHRD003 // The writer's own thread completes it.
        await _stopped.Task;
#pragma warning restore VSTHRD003
    }

    private void Loop()
    {
        while (TakeGroup())
        {
            if (_group.Count > 0)
            {
                RunGroup();
                _group.Clear();
            }
        }

        _handle?.Dispose();
        _stopped.SetResult();
    }

    /// <summary>False when the writer is closing and nothing waits any more.</summary>
    private bool TakeGroup()
    {
        lock (_gate)
        {
            while (_queue.Count == 0)
            {
                if (_isClosing)
                {
                    return false;
                }

                Monitor.Wait(_gate);
            }

            while (_group.Count < _options.SqliteGroupMax && _queue.TryDequeue(out SqliteWrite? write))
            {
                if (write.TryStart())
                {
                    _group.Add(write);
                }
            }

            return true;
        }
    }

    private void RunGroup()
    {
        long start = _timeProvider.GetTimestamp();
        int committed;
        try
        {
            _handle ??= _file.OpenWriter();
            committed = RunInTransaction(_handle);
        }
        catch (Exception e)
        {
            Log.GroupFailed(_logger, e, _group.Count);
            Reset();
            _group.ForEach(write => write.Fail(e));
            return;
        }

        if (committed > 0)
        {
            _metrics.Committed(committed, _timeProvider.GetElapsedTime(start));
        }

        _group.ForEach(Complete);
    }

    private static void Complete(SqliteWrite write)
    {
        foreach (Action action in write.OnCommitted)
        {
            action();
        }

        write.Complete();
    }

    private int RunInTransaction(SqliteHandle handle)
    {
        // Microsoft.Data.Sqlite begins IMMEDIATE: the write lock is taken here, never in the middle.
        using SqliteTransaction transaction = handle.Connection.BeginTransaction();
        DbSession session = new(handle.Connection, transaction, DatabaseEngine.Sqlite, handle.Items);
        int succeeded = 0;
        foreach (SqliteWrite write in _group)
        {
            succeeded += _group.Count == 1 ? RunAlone(write, session) : RunInSavepoint(write, session, handle);
        }

        if (succeeded > 0)
        {
            transaction.Commit();
        }
        else
        {
            transaction.Rollback();
        }

        return succeeded;
    }

    private static int RunAlone(SqliteWrite write, DbSession session)
    {
        try
        {
            write.Run(session);
            write.OnCommitted = session.TakeOnCommitted();
            return 1;
        }
        catch (Exception e)
        {
            write.Fail(e);
            return 0;
        }
    }

    private static int RunInSavepoint(SqliteWrite write, DbSession session, SqliteHandle handle)
    {
        handle.Execute("SAVEPOINT one_write");
        try
        {
            write.Run(session);
            write.OnCommitted = session.TakeOnCommitted();
        }
        catch (Exception e)
        {
            session.TakeOnCommitted();
            // When SQLite rolled back everything by itself (disk full, I/O error) this throws, and the whole group fails.
            handle.Execute("ROLLBACK TO one_write; RELEASE one_write");
            write.Fail(e);
            return 0;
        }

        handle.Execute("RELEASE one_write");
        return 1;
    }

    /// <summary>After a failed commit the connection's state is unknown; a new one starts from what is on disk.</summary>
    private void Reset()
    {
        SqliteHandle? handle = _handle;
        _handle = null;
        try
        {
            handle?.Dispose();
        }
        catch (SqliteException e)
        {
            Log.GroupFailed(_logger, e, 0);
        }
    }
}
