using Npgsql;

namespace Iskra.Platform.Data.Postgres;

/// <summary>A read replica. After a failure it is left alone for a while, so that not every read waits for its time-out.</summary>
internal sealed class PostgresReplica : IAsyncDisposable
{
    private readonly TimeProvider _timeProvider;
    private long _pausedUntil;

    public PostgresReplica(PostgresAddress address, NpgsqlDataSource source, TimeProvider timeProvider)
    {
        Address = address;
        Source = source;
        _timeProvider = timeProvider;
    }

    public PostgresAddress Address { get; }

    public NpgsqlDataSource Source { get; }

    public bool IsPaused => Volatile.Read(ref _pausedUntil) > _timeProvider.NowMicroseconds();

    public void Pause(TimeSpan duration) =>
        Volatile.Write(ref _pausedUntil, Instants.ToMicroseconds(_timeProvider.GetUtcNow() + duration));

    public ValueTask DisposeAsync() => Source.DisposeAsync();
}
