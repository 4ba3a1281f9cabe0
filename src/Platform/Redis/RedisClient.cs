using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Redis;

/// <summary>
/// A small client for one Redis server (6 or newer; RESP2 servers without messages; no Redis Cluster): one connection that all callers
/// share, with pipelining, time-outs, and a new connection after each fault. A command is sent once and never repeated by the client.
/// While there is no connection commands fail at once. Thread-safe.
/// </summary>
internal sealed class RedisClient : IAsyncDisposable
{
    private readonly RedisAddress _address;
    private readonly RedisConnector _connector;
    private readonly RedisOptions _options;
    private readonly RedisMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Action<ReadOnlyMemory<byte>>> _channels = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private volatile RedisConnection? _current;
    private volatile bool _hasMessages;
    private TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _loop = Task.CompletedTask;
    private ITimer? _timer;
    private int _isDisposed;

    public RedisClient(RedisAddress address, RedisOptions options, RedisMetrics metrics, TimeProvider time, ILogger logger)
    {
        _address = address;
        _options = options;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _connector = new RedisConnector(address, options, metrics, time);
    }

    /// <summary>Called with true when a connection is ready and its channels are subscribed, with false when it is gone.</summary>
    public event Action<bool>? ConnectionChanged;

    public bool IsConnected => _current is not null;

    /// <summary>Whether messages of subscribed channels arrive now: connected, with RESP3.</summary>
    public bool HasMessages => _hasMessages;

    /// <summary>What every key and channel starts with.</summary>
    public string Prefix => _options.Prefix;

    /// <summary>The server without credentials, for messages.</summary>
    public string Server => _address.ToString();

    /// <summary>Begins to connect, and keeps at it until it is disposed of.</summary>
    public void Start()
    {
        TimeSpan interval = TimeSpan.FromMilliseconds(Math.Clamp(_options.CommandTimeout.TotalMilliseconds / 8, 5, 250));
        _timer = _time.CreateTimer(_ => _current?.Check(), null, interval, interval);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Ends when there is a connection.</summary>
    public Task WaitConnectedAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            return _connected.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Sends a command; the arguments are copied before it returns.</summary>
    /// <exception cref="RedisException">Asynchronously: there is no answer, or the answer is an error.</exception>
    public Task<RedisReply> SendAsync(params ReadOnlySpan<RedisArgument> command)
    {
        if (_current is { } connection)
        {
            return connection.SendAsync(command);
        }

        _metrics.Failed(RedisFault.NotConnected);
        return Task.FromException<RedisReply>(new RedisException(RedisFault.NotConnected, "There is no connection to Redis."));
    }

    /// <summary>Runs a script; the first arguments after it are its keys.</summary>
    /// <exception cref="RedisException">As <see cref="SendAsync"/>.</exception>
    public async Task<RedisReply> EvaluateAsync(RedisScript script, int keys, RedisArgument[] arguments)
    {
        try
        {
            return await SendAsync(["EVALSHA", script.Hash, (long)keys, .. arguments]);
        }
        catch (RedisException unknown) when (unknown.Code == "NOSCRIPT")
        {
            return await SendAsync(["EVAL", script.Source, (long)keys, .. arguments]);
        }
    }

    /// <summary>
    /// Gives a channel's messages to <paramref name="handler"/>, on the reading loop (it must be quick), now and after each reconnect.
    /// Messages sent while there is no connection are lost. One handler for each channel.
    /// </summary>
    public void Subscribe(string channel, Action<ReadOnlyMemory<byte>> handler)
    {
        lock (_gate)
        {
            _channels.Add(channel, handler);
        }

        if (_current is { } connection && _hasMessages)
        {
            connection.SendWithoutAnswer(["SUBSCRIBE", channel]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await _stop.CancelAsync();
        await _loop;
        if (_timer is not null)
        {
            await _timer.DisposeAsync();
        }

        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        int failures = 0;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using RedisConnection connection = await OpenAsync();
                failures = 0;
                RedisException fault = await connection.Fault.WaitAsync(_stop.Token);
                Withdraw();
                Log.ConnectionLost(_logger, Server, fault.Fault, fault.Message);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                break;
            }
            catch (RedisException exception)
            {
                _metrics.Connected(ok: false);
                if (failures++ == 0)
                {
                    Log.ConnectFailed(_logger, Server, exception.Fault, exception.Message);
                }
            }

            if (!await PauseAsync(failures))
            {
                break;
            }
        }

        Withdraw();
    }

    private async Task<RedisConnection> OpenAsync()
    {
        RedisHandshake handshake = await _connector.OpenAsync(OnPush, _stop.Token);
        RedisConnection connection = handshake.Connection;
        try
        {
            if (handshake.Protocol >= 3)
            {
                await SubscribeAllAsync(connection);
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        _metrics.Connected(ok: true);
        _metrics.SetConnected(true);
        Log.Connected(_logger, handshake.Version, Server, handshake.Protocol);
        lock (_gate)
        {
            _current = connection;
            _hasMessages = handshake.Protocol >= 3;
        }

        ConnectionChanged?.Invoke(true);
        lock (_gate)
        {
            _connected.TrySetResult();
        }

        return connection;
    }

    private async Task SubscribeAllAsync(RedisConnection connection)
    {
        string[] channels;
        lock (_gate)
        {
            channels = [.. _channels.Keys];
        }

        // The confirmation of SUBSCRIBE is a message in RESP3, and no answer; the answer to PING comes after it.
        foreach (string channel in channels)
        {
            connection.SendWithoutAnswer(["SUBSCRIBE", channel]);
        }

        await connection.SendAsync(["PING"]);
    }

    private void Withdraw()
    {
        lock (_gate)
        {
            if (_current is null)
            {
                return;
            }

            _current = null;
            _hasMessages = false;
            if (_connected.Task.IsCompleted)
            {
                _connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        _metrics.SetConnected(false);
        if (!_stop.IsCancellationRequested)
        {
            ConnectionChanged?.Invoke(false);
        }
    }

    private async Task<bool> PauseAsync(int failures)
    {
        double doubled = _options.ReconnectDelayMin.TotalMilliseconds * Math.Pow(2, Math.Clamp(failures - 1, 0, 20));
        double bounded = Math.Min(_options.ReconnectDelayMax.TotalMilliseconds, doubled);
#pragma warning disable CA5394 // Jitter needs no secrecy.
        TimeSpan pause = TimeSpan.FromMilliseconds(bounded * (0.5 + (Random.Shared.NextDouble() / 2)));
#pragma warning restore CA5394
        try
        {
            await Task.Delay(pause, _time, _stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void OnPush(RedisReply push)
    {
        if (push.Items is not [var kind, var channel, var payload] || !kind.Bytes.Span.SequenceEqual("message"u8))
        {
            return;
        }

        Action<ReadOnlyMemory<byte>>? handler;
        lock (_gate)
        {
            _channels.TryGetValue(channel.ToString(), out handler);
        }

        try
        {
            handler?.Invoke(payload.Bytes);
        }
        catch (Exception exception)
        {
            Log.HandlerFailed(_logger, exception);
        }
    }
}
