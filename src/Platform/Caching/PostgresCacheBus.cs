using System.Threading.Channels;
using Iskra.Platform.Data;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Iskra.Platform.Caching;

/// <summary>Invalidations by PostgreSQL's <c>LISTEN</c> and <c>NOTIFY</c>, for replicas without Redis. Takes one connection.</summary>
internal sealed class PostgresCacheBus : ICacheBus, IAsyncDisposable
{
    private const string ChannelName = "iskra_cache";
    private const string NotifySql = "select pg_notify(@ChannelName, @message)::text";
    private const int QueueMax = 10_000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Database _database;
    private readonly CacheMetrics _metrics;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private int _isDisposed;
    private readonly Channel<string> _outgoing;
    private volatile bool _isUp;
    private Task _loops = Task.CompletedTask;

    public PostgresCacheBus(Database database, CacheMetrics metrics, TimeProvider time, ILogger logger)
    {
        _database = database;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _outgoing = Channel.CreateBounded<string>(
            new BoundedChannelOptions(QueueMax) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest },
            _ => metrics.EventsLost(1));
    }

    public event Action<bool>? Changed;

    public event Action<string>? Received;

    public bool IsUp => _isUp;

    /// <summary>The server takes 7,999.</summary>
    public int MessageBytesMax => 7_900;

    public void Start() => _loops = Task.WhenAll(Task.Run(ListenAsync), Task.Run(SendAsync));

    public void Publish(string message) => _outgoing.Writer.TryWrite(message);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await _stop.CancelAsync();
        await _loops;
        _stop.Dispose();
    }

    private async Task ListenAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _database.ReadAsync(ListenAsync, _stop.Token);
            }
            catch (Exception exception)
            {
                if (!_stop.IsCancellationRequested && _isUp)
                {
                    Log.ListenFailed(_logger, exception.GetType().Name);
                }
            }

            SetUp(false);
            await PauseAsync();
        }
    }

    private async Task<bool> ListenAsync(DbSession session)
    {
        NpgsqlConnection connection = (NpgsqlConnection)session.Connection;
        NotificationEventHandler handler = (_, notification) => Received?.Invoke(notification.Payload);
        connection.Notification += handler;
        try
        {
            await session.ExecuteAsync($"listen {ChannelName}");
            SetUp(true);
            while (!_stop.IsCancellationRequested)
            {
                // A connection whose peer vanished without a word is found out by asking now and then.
                if (!await connection.WaitAsync(TimeSpan.FromSeconds(5), _stop.Token))
                {
                    await session.ScalarAsync<int>("select 1");
                }
            }

            return true;
        }
        finally
        {
            connection.Notification -= handler;
        }
    }

    private async Task SendAsync()
    {
        try
        {
            await foreach (string message in _outgoing.Reader.ReadAllAsync(_stop.Token))
            {
                try
                {
                    await _database.ReadAsync(
                        session => session.ScalarAsync<string>(NotifySql, new { ChannelName, message }),
                        _stop.Token);
                }
                catch (Exception exception) when (!_stop.IsCancellationRequested)
                {
                    Log.NotifyFailed(_logger, exception.GetType().Name);
                    _metrics.EventsLost(1);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task PauseAsync()
    {
        try
        {
            await Task.Delay(Pause, _time, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private void SetUp(bool isUp)
    {
        if (_isUp != isUp && !_stop.IsCancellationRequested)
        {
            _isUp = isUp;
            Changed?.Invoke(isUp);
        }
    }
}
