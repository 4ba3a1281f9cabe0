using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace Iskra.Platform.Events;

/// <summary>
/// This process's one connection to the broker; its loops open channels on it. It is made when somebody needs it and made anew after it
/// broke: who needs it waits, and repeats.
/// </summary>
internal sealed class BrokerConnection : IAsyncDisposable
{
    private readonly EventsOptions _options;
    private readonly EventsMetrics _metrics;
    private readonly ILogger<BrokerConnection> _log;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private IConnection? _connection;

    public BrokerConnection(IOptions<EventsOptions> options, EventsMetrics metrics, ILogger<BrokerConnection> log)
    {
        _options = options.Value;
        _metrics = metrics;
        _log = log;
        Names = new BrokerNames(_options.BrokerPrefix);
        if (IsConfigured)
        {
            Uri address = new(_options.Broker!);
            Address = address.IsDefaultPort || address.Port < 0 ? address.Host : $"{address.Host}:{address.Port}";
            metrics.ObserveBroker(() => IsConnected);
        }
    }

    public bool IsConfigured => !string.IsNullOrWhiteSpace(_options.Broker);

    public bool IsConnected => Volatile.Read(ref _connection) is { IsOpen: true };

    /// <summary>Host and port, for people; nothing secret.</summary>
    public string Address { get; } = "";

    public BrokerNames Names { get; }

    /// <summary>Opens a channel; throws what the client throws when the broker is away.</summary>
    public async Task<BrokerChannel> OpenChannelAsync(bool withConfirms, CancellationToken cancellationToken)
    {
        IConnection connection = await GetAsync(cancellationToken);
        IChannel channel = await connection.CreateChannelAsync(
            // The batch keeps account of the confirmations itself, so that publishing one event never waits for another.
            new CreateChannelOptions(withConfirms, publisherConfirmationTrackingEnabled: false),
            cancellationToken).WaitAsync(_options.BrokerOperationTimeout, cancellationToken);
        return new BrokerChannel(channel, _options.BrokerOperationTimeout);
    }

    /// <summary>Counts a failure, says so, and gives the wait before the next attempt.</summary>
    public async Task<TimeSpan> FailedAsync(Exception exception, int failures)
    {
        _metrics.BrokerFailures.Add(1);
        if (exception is TimeoutException or OperationCanceledException)
        {
            // It is connected and doesn't answer: whatever it is stuck in belongs to this connection.
            await CloseAsync();
        }

        double doubled = _options.BackoffFirst.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 30));
        double wait = Math.Min(doubled, _options.BrokerBackoffMax.TotalMilliseconds) * (0.5 + (Random.Shared.NextDouble() / 2));
        // The client's messages may hold the address with its password; the kind says enough.
        _log.BrokerAway(Address, (exception.InnerException ?? exception).GetType().Name, (long)wait);
        return TimeSpan.FromMilliseconds(wait);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _gate.Dispose();
    }

    private async Task<IConnection> GetAsync(CancellationToken cancellationToken)
    {
        if (_connection is { IsOpen: true } open)
        {
            return open;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_connection is { IsOpen: true } other)
            {
                return other;
            }

            await CloseAsync();
            ConnectionFactory factory = new()
            {
                Uri = new Uri(_options.Broker!),
                ClientProvidedName = $"iskra {Environment.MachineName} {Environment.ProcessId}",
                RequestedConnectionTimeout = _options.BrokerConnectTimeout,
                ContinuationTimeout = _options.BrokerOperationTimeout,
                RequestedHeartbeat = TimeSpan.FromSeconds(10),
                // The loops declare and resume by themselves, in an order that loses nothing; the client would restore channels blindly.
                AutomaticRecoveryEnabled = false,
                TopologyRecoveryEnabled = false,
            };
            _connection = await factory.CreateConnectionAsync(cancellationToken)
                .WaitAsync(_options.BrokerConnectTimeout + _options.BrokerOperationTimeout, cancellationToken);
            _log.BrokerConnected(Address);
            return _connection;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task CloseAsync()
    {
        IConnection? connection = Interlocked.Exchange(ref _connection, null);
        if (connection is null)
        {
            return;
        }

        try
        {
            // The client promises to give up after the time, and has been seen waiting for longer.
            await connection.AbortAsync(Constants.ReplySuccess, "closed", _options.BrokerOperationTimeout)
                .WaitAsync(_options.BrokerOperationTimeout * 2);
            await connection.DisposeAsync().AsTask().WaitAsync(_options.BrokerOperationTimeout);
        }
        catch (Exception)
        {
            // It was broken already, and nothing depends on a good end.
        }
    }
}
