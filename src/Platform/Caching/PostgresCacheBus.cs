using System.Text;
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
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

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
            List<string> waiting = [];
            while (await _outgoing.Reader.WaitToReadAsync(_stop.Token))
            {
                waiting.Clear();
                while (_outgoing.Reader.TryRead(out string? message))
                {
                    waiting.Add(message);
                }

                foreach (string message in Merge(waiting, MessageBytesMax))
                {
                    await NotifyAsync(message);
                }

                // A busy writer costs the server a bounded number of notifications, whatever it posts.
                await Task.Delay(Pace, _time, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    /// <summary>
    /// One message for all that wait, when it fits; else kinds stand for their keys, because the server takes short messages alone.
    /// </summary>
    internal static List<string> Merge(List<string> messages, int bytesMax)
    {
        string origin = messages[0].Split('\n', 2)[0];
        HashSet<string> wires = new(messages.SelectMany(message => message.Split('\n').Skip(1)), StringComparer.Ordinal);
        if (Size(origin, wires) > bytesMax)
        {
            wires = new HashSet<string>(wires.Select(KindOfKey), StringComparer.Ordinal);
        }

        List<string> merged = [];
        StringBuilder message = new(origin);
        int bytes = origin.Length;
        foreach (string wire in wires)
        {
            int more = Encoding.UTF8.GetByteCount(wire) + 1;
            if (bytes + more > bytesMax)
            {
                merged.Add(message.ToString());
                message.Length = bytes = origin.Length;
            }

            message.Append('\n').Append(wire);
            bytes += more;
        }

        merged.Add(message.ToString());
        return merged;
    }

    private static int Size(string origin, HashSet<string> wires) =>
        origin.Length + wires.Sum(wire => Encoding.UTF8.GetByteCount(wire) + 1);

    private static string KindOfKey(string wire) =>
        wire[0] is 'g' or 's' ? string.Concat("k", wire.AsSpan(1, wire.IndexOf(':', StringComparison.Ordinal) - 1)) : wire;

    private async Task NotifyAsync(string message)
    {
        try
        {
            await _database.ReadAsync(
                session => session.ScalarAsync<string>(NotifySql, new { ChannelName, message }), _stop.Token);
        }
        catch (Exception exception) when (!_stop.IsCancellationRequested)
        {
            Log.NotifyFailed(_logger, exception.GetType().Name);
            _metrics.EventsLost(1);
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
