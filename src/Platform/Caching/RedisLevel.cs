using System.Globalization;
using Iskra.Platform.Redis;
using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Caching;

/// <summary>
/// The level that replicas share. Who misses gets a lease, and only the holder of the lease may store; an invalidation deletes the lease
/// with the value, so a load that began before it can't store after it. A fault is never an error of the caller. Thread-safe.
/// </summary>
internal sealed class RedisLevel
{
    private const int KeysPerCommand = 500;

    private static readonly TimeSpan VersionTime = 2 * CacheKind.TimeToLiveMax;
    private static readonly TimeSpan WaitStep = TimeSpan.FromMilliseconds(5);

    private readonly RedisClient _client;
    private readonly RedisCircuit _circuit;
    private readonly CacheOptions _options;
    private readonly CacheMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly UnsentInvalidations _unsent;
    private readonly Func<IEnumerable<string>> _kinds;
    private readonly Action<string[]> _publish;
    private readonly string _origin = Guid.CreateVersion7().ToString("N")[16..];
    private long _lastToken;
    private int _isResending;

    /// <param name="client">The shared client.</param>
    /// <param name="options">Times and limits.</param>
    /// <param name="metrics">Where faults are counted.</param>
    /// <param name="time">The clock of leases and of the circuit.</param>
    /// <param name="logger">Where a limit that was hit is said.</param>
    /// <param name="kinds">The kinds that are in use, in their wire form.</param>
    /// <param name="publish">Tells other processes; called in order with the commands of this class.</param>
    public RedisLevel(
        RedisClient client,
        CacheOptions options,
        CacheMetrics metrics,
        TimeProvider time,
        ILogger logger,
        Func<IEnumerable<string>> kinds,
        Action<string[]> publish)
    {
        _client = client;
        _options = options;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _kinds = kinds;
        _publish = publish;
        _circuit = new RedisCircuit(time, options.CircuitOpenTime);
        _unsent = new UnsentInvalidations(options.UnsentInvalidationsMax);
        client.ConnectionChanged += OnConnectionChanged;
    }

    public bool IsCircuitOpen => _circuit.IsOpen;

    public int Unsent => _unsent.Count;

    /// <summary>Reads; where another process is loading, waits for it up to <see cref="CacheOptions.LeaseWait"/>.</summary>
    public async Task<RedisRead> ReadAsync(CacheKey key, string[] tags)
    {
        string wire = key.ToWire();
        string kindWire = KindWire(key.Kind);
        long from = _time.GetTimestamp();
        TimeSpan pause = WaitStep;
        while (true)
        {
            if (_unsent.Covers(wire, kindWire, tags))
            {
                return default;
            }

            RedisRead read = await TryReadAsync(wire, kindWire, tags);
            if (read.Status != RedisReadStatus.Busy || _time.GetElapsedTime(from) >= _options.LeaseWait)
            {
                return read;
            }

            await Task.Delay(pause, _time);
            pause = pause < TimeSpan.FromMilliseconds(80) ? 2 * pause : pause;
        }
    }

    /// <summary>Stores under a lease; false when the lease was taken away, so that the value is stale.</summary>
    public async Task<bool> WriteAsync(CacheKey key, string token, byte[] payload, TimeSpan timeToLive)
    {
        RedisReply? reply = await TryAsync("write", RedisScripts.Write, 1,
            [RedisKey(key.ToWire()), token, payload, Math.Max(1, (long)timeToLive.TotalMilliseconds)]);
        return reply is not { Integer: 0 };
    }

    /// <summary>Gives a lease back in the background.</summary>
    public void Release(CacheKey key, string token) =>
        _ = TryAsync("release", RedisScripts.Release, 1, [RedisKey(key.ToWire()), token]);

    /// <summary>
    /// Queues the removal and the message to others before it returns, so that reads of this process that follow come after it. What
    /// fails is repeated until it succeeds.
    /// </summary>
    public void Invalidate(string[] wires)
    {
        long batch = _unsent.Begin(wires);
        Task sent = SendAsync(wires);
        _publish(wires);
        if (sent.IsCompletedSuccessfully)
        {
            _unsent.Confirm(batch);
            return;
        }

        _ = sent.ContinueWith(
            done =>
            {
                if (done.Exception is null)
                {
                    _unsent.Confirm(batch);
                    return;
                }

                _metrics.RedisFailed("invalidate");
                Note(_unsent.Fail(batch, _kinds()));
                _ = ResendAsync();
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    public static string KindWire(CacheKind kind) => "k" + kind.Name;

    private async Task<RedisRead> TryReadAsync(string wire, string kindWire, string[] tags)
    {
        string token = string.Create(CultureInfo.InvariantCulture, $"{_origin}{Interlocked.Increment(ref _lastToken):x}");
        RedisArgument[] arguments = new RedisArgument[5 + tags.Length];
        arguments[0] = RedisKey(wire);
        arguments[1] = RedisKey(kindWire);
        for (int index = 0; index < tags.Length; index++)
        {
            arguments[2 + index] = RedisKey(tags[index]);
        }

        arguments[^3] = token;
        arguments[^2] = (long)_options.LeaseTime.TotalMilliseconds;
        arguments[^1] = (long)VersionTime.TotalMilliseconds;
        RedisReply? reply = await TryAsync("read", RedisScripts.Read, 2 + tags.Length, arguments);
        if (reply is not { Items: [var entry, var left] })
        {
            return default;
        }

        ReadOnlyMemory<byte> bytes = entry.Bytes;
        int lineEnd = bytes.Span.IndexOf((byte)'\n');
        return bytes.Span switch
        {
            [] => new RedisRead(RedisReadStatus.Leased, default, default, token),
            [(byte)'V', ..] when lineEnd > 0 => new RedisRead(
                RedisReadStatus.Found, bytes[(lineEnd + 1)..], TimeSpan.FromMilliseconds(Math.Max(0, left.Integer)), ""),
            _ => new RedisRead(RedisReadStatus.Busy, default, default, ""),
        };
    }

    /// <summary>Null, with the circuit open, when there is no answer.</summary>
    private async Task<RedisReply?> TryAsync(string operation, RedisScript script, int keys, RedisArgument[] arguments)
    {
        if (!_circuit.TryEnter())
        {
            return null;
        }

        try
        {
            RedisReply reply = await _client.EvaluateAsync(script, keys, arguments);
            _circuit.Succeeded();
            return reply;
        }
        catch (RedisException)
        {
            _circuit.Failed();
            _metrics.RedisFailed(operation);
            return null;
        }
    }

    private async Task SendAsync(string[] wires)
    {
        List<Task<RedisReply>> answers = [];
        List<RedisArgument> deletion = ["UNLINK"];
        foreach (string wire in wires)
        {
            if (wire[0] is 't' or 'k')
            {
                string version = string.Create(CultureInfo.InvariantCulture, $"{_origin}{Interlocked.Increment(ref _lastToken):x}");
                answers.Add(_client.SendAsync("SET", RedisKey(wire), version, "PX", (long)VersionTime.TotalMilliseconds));
                continue;
            }

            deletion.Add(RedisKey(wire));
            if (deletion.Count > KeysPerCommand)
            {
                answers.Add(_client.SendAsync([.. deletion]));
                deletion.RemoveRange(1, deletion.Count - 1);
            }
        }

        if (deletion.Count > 1)
        {
            answers.Add(_client.SendAsync([.. deletion]));
        }

        await Task.WhenAll(answers);
    }

    private void OnConnectionChanged(bool isConnected)
    {
        if (isConnected)
        {
            _circuit.Succeeded();
            _ = ResendAsync();
        }
        else
        {
            Note(_unsent.FailAll(_kinds()));
        }
    }

    /// <summary>Sends again what failed, until it succeeds or the connection is gone; then the next connection does.</summary>
    private async Task ResendAsync()
    {
        if (Interlocked.Exchange(ref _isResending, 1) != 0)
        {
            return;
        }

        try
        {
            while (_unsent.Count > 0 && _client.IsConnected)
            {
                string[] wires = _unsent.Snapshot();
                try
                {
                    await SendAsync(wires);
                    _unsent.Sent(wires);
                    _publish(wires);
                }
                catch (RedisException)
                {
                    _metrics.RedisFailed("invalidate");
                    await Task.Delay(_options.CircuitOpenTime, _time);
                }
            }
        }
        finally
        {
            Volatile.Write(ref _isResending, 0);
        }
    }

    private void Note(bool fits)
    {
        if (!fits)
        {
            _metrics.UnsentOverflow();
            Log.UnsentOverflow(_logger);
        }
    }

    private string RedisKey(string wire) => _client.Prefix + wire;
}
