using System.Data;
using Iskra.Platform.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Iskra.Platform.Data.Postgres;

/// <summary>The scaled-out engine: transactions on the primary, stale reads on replicas in turn.</summary>
internal sealed class PostgresEngine : DatabaseEngineBase
{
    private const int MajorVersionMin = 14;
    private static readonly TimeSpan ReplicaPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    private readonly PostgresAddress _address;
    private readonly NpgsqlDataSource _primary;
    private readonly IReadOnlyList<PostgresReplica> _replicas;
    private readonly DataOptions _options;
    private readonly StoreAccess _access;
    private readonly DataMetrics _metrics;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private string _description = string.Empty;
    private uint _turn;

    private PostgresEngine(DataOptions options, StoreAccess access, DataMetrics metrics, TimeProvider timeProvider, ILogger logger)
    {
        _options = options;
        _access = access;
        _metrics = metrics;
        _timeProvider = timeProvider;
        _logger = logger;
        _address = Address(options.Database!, $"{DataOptions.Section}:{nameof(DataOptions.Database)} (ISKRA_DATABASE)");
        List<PostgresAddress> replicas =
            [.. options.Replicas.Select((text, i) => Address(text, $"{DataOptions.Section}:{nameof(DataOptions.Replicas)}:{i}"))];
        _primary = Source(_address, timeoutSecondsMax: 15);
        _replicas = [.. replicas.Select(replica => new PostgresReplica(replica, Source(replica, timeoutSecondsMax: 3), timeProvider))];
    }

    public override DatabaseEngine Engine => DatabaseEngine.Postgres;

    public override string Description => _description;

    public static async Task<PostgresEngine> OpenAsync(
        DataOptions options,
        StoreAccess access,
        DataMetrics metrics,
        TimeProvider timeProvider,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        PostgresEngine engine = new(options, access, metrics, timeProvider, logger);
        try
        {
            await engine.CheckServerAsync(cancellationToken);
            return engine;
        }
        catch (NpgsqlException e)
        {
            await engine.DisposeAsync();
            throw PostgresErrors.ToStartup(e, engine._address);
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    public override async Task<T> ReadAsync<T>(Func<DbSession, Task<T>> read, bool stale, CancellationToken cancellationToken)
    {
        PostgresReplica? replica = stale ? NextReplica() : null;
        if (replica is null)
        {
            await using NpgsqlConnection connection = await ConnectAsync(cancellationToken);
            return await ReadOnAsync(connection, read, cancellationToken);
        }

        try
        {
            await using NpgsqlConnection connection = await replica.Source.OpenConnectionAsync(cancellationToken);
            return await ReadOnAsync(connection, read, cancellationToken);
        }
        catch (NpgsqlException e) when (PostgresErrors.IsTransient(e) || IsReplicaTrouble(e))
        {
            replica.Pause(ReplicaPause);
            _metrics.ReplicaFallback();
            Log.ReplicaFailed(_logger, e, replica.Address.ToString(), ReplicaPause);
        }

        return await ReadAsync(read, stale: false, cancellationToken);
    }

    public override async Task<T> WriteAsync<T>(Func<DbSession, Task<T>> write, CancellationToken cancellationToken)
    {
        if (_access == StoreAccess.ReadOnly)
        {
            throw new InvalidOperationException("The store was opened for reading only.");
        }

        await using NpgsqlConnection connection = await ConnectAsync(cancellationToken);
        long start = _timeProvider.GetTimestamp();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        DbSession session = new(connection, transaction, DatabaseEngine.Postgres, null, cancellationToken);
        T result = await write(session);
        // Not cancelled here: a caller that gives up during the commit could not know whether it happened.
        await transaction.CommitAsync(CancellationToken.None);
        _metrics.Committed(1, _timeProvider.GetElapsedTime(start));
        foreach (Action action in session.TakeOnCommitted())
        {
            action();
        }

        return result;
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (PostgresReplica replica in _replicas)
        {
            await replica.DisposeAsync();
        }

        await _primary.DisposeAsync();
    }

    private static PostgresAddress Address(string text, string key) =>
        PostgresAddress.Parse(text, out string fault) ?? throw new StartupException(ExitCode.BadConfiguration, $"{key} {fault}.");

    private static async Task<T> ReadOnAsync<T>(
        NpgsqlConnection connection, Func<DbSession, Task<T>> read, CancellationToken cancellationToken)
    {
        DbSession session = new(connection, null, DatabaseEngine.Postgres, null, cancellationToken);
        T result = await read(session);
        await session.EndSnapshotAsync();
        return result;
    }

    // A replica that refuses us, lacks the database, lags behind a migration or cancels the query for recovery: the primary may do
    // better.
    private static bool IsReplicaTrouble(NpgsqlException e) =>
        e is not PostgresException server
        || server.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn
        || server.SqlState is PostgresErrorCodes.InvalidCatalogName
        || server.SqlState.StartsWith("28", StringComparison.Ordinal)
        || server.SqlState.StartsWith("40", StringComparison.Ordinal);

    private NpgsqlDataSource Source(PostgresAddress address, int timeoutSecondsMax)
    {
        NpgsqlConnectionStringBuilder settings = new(address.Builder.ConnectionString)
        {
            MaxPoolSize = _options.PostgresConnectionsMax,
            ApplicationName = string.IsNullOrEmpty(address.Builder.ApplicationName) ? "iskra" : address.Builder.ApplicationName,
            Timeout = Math.Min(address.Builder.Timeout, timeoutSecondsMax),
            // The password stays out of NpgsqlConnection.ConnectionString, and values of rows out of exception texts.
            PersistSecurityInfo = false,
            IncludeErrorDetail = false,
        };
        if (settings.MaxAutoPrepare == 0)
        {
            settings.MaxAutoPrepare = 200;
            settings.AutoPrepareMinUsages = 3;
        }

        settings.MinPoolSize = Math.Min(settings.MinPoolSize, settings.MaxPoolSize);
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
    }

    private async Task CheckServerAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await ConnectAsync(cancellationToken);
        _description = $"PostgreSQL {connection.PostgreSqlVersion} at {_address}";
        if (connection.PostgreSqlVersion.Major < MajorVersionMin)
        {
            throw new StartupException(
                ExitCode.BadConfiguration,
                $"{_description} is too old: Iskra needs PostgreSQL {MajorVersionMin} or newer.");
        }

        await using NpgsqlCommand command = new("SHOW synchronous_commit", connection);
        if (await command.ExecuteScalarAsync(cancellationToken) is "off")
        {
            throw new StartupException(
                ExitCode.BadConfiguration,
                $"{_description} has synchronous_commit = off, so an answered write could be lost. Set it to on for user "
                + $"'{_address.User}'.");
        }
    }

    private async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await _primary.OpenConnectionAsync(cancellationToken);
            }
            catch (NpgsqlException e) when (PostgresErrors.IsPoolExhausted(e))
            {
                _metrics.WriteRejected();
                throw new DatabaseBusyException($"All {_options.PostgresConnectionsMax} database connections are busy. Try again shortly.");
            }
            catch (NpgsqlException e) when (PostgresErrors.IsTransient(e) && attempt < _options.PostgresConnectAttempts)
            {
                Log.ConnectFailed(_logger, e, _address.Server, attempt, _options.PostgresConnectAttempts);
            }

            TimeSpan delay = RetryDelay * (1 << (attempt - 1)) * (0.5 + Random.Shared.NextDouble());
            await Task.Delay(delay, _timeProvider, cancellationToken);
        }
    }

    private PostgresReplica? NextReplica()
    {
        for (int i = 0; i < _replicas.Count; i++)
        {
            PostgresReplica replica = _replicas[(int)(Interlocked.Increment(ref _turn) % (uint)_replicas.Count)];
            if (!replica.IsPaused)
            {
                return replica;
            }
        }

        return null;
    }
}
