namespace Iskra.Platform.Data;

/// <summary>What differs between the engines: how a session is obtained, and when a write is durable.</summary>
internal abstract class DatabaseEngineBase : IAsyncDisposable
{
    public abstract DatabaseEngine Engine { get; }

    public abstract string Description { get; }

    public abstract Task<T> ReadAsync<T>(Func<DbSession, Task<T>> read, bool stale, CancellationToken cancellationToken);

    public abstract Task<T> WriteAsync<T>(Func<DbSession, Task<T>> write, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}
