namespace Iskra.Platform.Data.Sqlite;

/// <inheritdoc/>
internal sealed class SqliteWrite<T> : SqliteWrite
{
    private readonly Func<DbSession, Task<T>> _write;
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _registration;
    private T? _result;

    public SqliteWrite(Func<DbSession, Task<T>> write, CancellationToken cancellationToken)
    {
        _write = write;
        _registration = cancellationToken.UnsafeRegister(static (state, token) => ((SqliteWrite<T>)state!).Cancel(token), this);
    }

#pragma warning disable VSTHRD003 // The writer completes it; callers only await.
    public Task<T> Task => _completion.Task;
#pragma warning restore VSTHRD003

    public override void Run(DbSession session)
    {
        Task<T> running = _write(session);
#pragma warning disable VSTHRD002, VSTHRD003 // The writer's thread exists to be blocked, and SQLite's calls complete synchronously anyway.
        _result = running.GetAwaiter().GetResult();
#pragma warning restore VSTHRD002, VSTHRD003
    }

    public override void Complete()
    {
        _registration.Unregister();
        _completion.TrySetResult(_result!);
    }

    public override void Fail(Exception exception)
    {
        _registration.Unregister();
        if (exception is OperationCanceledException cancelled)
        {
            _completion.TrySetCanceled(cancelled.CancellationToken);
        }
        else
        {
            _completion.TrySetException(exception);
        }
    }

    private void Cancel(CancellationToken cancellationToken)
    {
        if (TryCancel())
        {
            _completion.TrySetCanceled(cancellationToken);
        }
    }
}
