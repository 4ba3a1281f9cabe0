using System.Buffers;

namespace Iskra.Platform.Redis;

/// <summary>
/// One connection: commands go out in the order in which they were queued, many in one packet, and answers come back in that order. It
/// lives until its first fault. Thread-safe.
/// </summary>
internal sealed class RedisConnection : IAsyncDisposable
{
    private const int BufferBytes = 64 * 1024;
    private const int BufferKeptBytes = 4 << 20;

    private readonly Stream _stream;
    private readonly RedisOptions _options;
    private readonly RedisMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly Action<RedisReply> _push;
    private readonly Lock _gate = new();
    private readonly Queue<RedisRequest> _awaited = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<RedisException> _fault = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _loops;
    private ArrayBufferWriter<byte> _filling = new(BufferBytes);
    private ArrayBufferWriter<byte> _sending = new(BufferBytes);
    private bool _isWriterIdle;
    private bool _isClosed;
    private long _heardAt;

    /// <param name="stream">The connected socket, with TLS when there is any. Owned from here on.</param>
    /// <param name="options">Limits and time-outs.</param>
    /// <param name="metrics">Where answers and faults are counted.</param>
    /// <param name="time">The clock of time-outs.</param>
    /// <param name="push">Gets what the server sends without being asked, on the reading loop: it must be quick.</param>
    public RedisConnection(Stream stream, RedisOptions options, RedisMetrics metrics, TimeProvider time, Action<RedisReply> push)
    {
        _stream = stream;
        _options = options;
        _metrics = metrics;
        _time = time;
        _push = push;
        _heardAt = time.GetTimestamp();
        _loops = Task.WhenAll(Task.Run(ReadAsync), Task.Run(WriteAsync));
    }

    /// <summary>Ends with the connection, and says why.</summary>
    public Task<RedisException> Fault => _fault.Task;

    /// <summary>Queues a command; the task ends with the answer, or with a <see cref="RedisException"/>.</summary>
    public Task<RedisReply> SendAsync(ReadOnlySpan<RedisArgument> command)
    {
        long size = RespWriter.SizeMax(command);
        RedisRequest request = new(_time.GetTimestamp());
        lock (_gate)
        {
            if (_isClosed)
            {
                return Failed(RedisFault.NotConnected, "There is no connection to Redis.");
            }

            if (_awaited.Count >= _options.QueueMax || (_filling.WrittenCount > 0 && _filling.WrittenCount + size > _options.QueueBytesMax))
            {
                return Failed(RedisFault.QueueFull, "Too many commands wait for Redis.");
            }

            RespWriter.Write(_filling, command);
            _awaited.Enqueue(request);
            WakeWriter();
        }

        return request.Task;
    }

    /// <summary>Queues SUBSCRIBE, which RESP3 confirms by a message instead of an answer.</summary>
    public void SendWithoutAnswer(ReadOnlySpan<RedisArgument> command)
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                RespWriter.Write(_filling, command);
                WakeWriter();
            }
        }
    }

    /// <summary>Fails what is overdue, gives up a connection that went silent, and asks an idle one for a sign of life.</summary>
    public void Check()
    {
        long now = _time.GetTimestamp();
        TimeSpan silence = _time.GetElapsedTime(Volatile.Read(ref _heardAt), now);
        bool isStalled;
        bool isIdle;
        lock (_gate)
        {
            isStalled = _awaited.TryPeek(out RedisRequest? oldest)
                && _time.GetElapsedTime(oldest.SentAt, now) > _options.StallTimeout
                && silence > _options.StallTimeout;
            isIdle = _awaited.Count == 0 && silence > _options.PingInterval;
            _metrics.SetWaiting(_awaited.Count);

            // The overdue ones stay in the queue, because their answers may still come and must find their place.
            foreach (RedisRequest request in _awaited)
            {
                if (_time.GetElapsedTime(request.SentAt, now) <= _options.CommandTimeout)
                {
                    break;
                }

                Fail(request, new RedisException(RedisFault.Timeout, "Redis didn't answer in time."));
            }
        }

        if (isStalled)
        {
            Close(new RedisException(RedisFault.Timeout, "Redis went silent."));
        }
        else if (isIdle)
        {
            Ignore(SendAsync(["PING"]));
        }
    }

    public async ValueTask DisposeAsync()
    {
        Close(new RedisException(RedisFault.NotConnected, "The connection to Redis was closed."));
        await _loops;
        await _stream.DisposeAsync();
        _stop.Dispose();
        _wake.Dispose();
    }

    /// <summary>Observes a failure that nobody waits for.</summary>
    public static void Ignore(Task task) => _ = task.ContinueWith(
        static done => _ = done.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    private void WakeWriter()
    {
        if (_isWriterIdle)
        {
            _isWriterIdle = false;
            _wake.Release();
        }
    }

    private Task<RedisReply> Failed(RedisFault fault, string message)
    {
        _metrics.Failed(fault);
        return Task.FromException<RedisReply>(new RedisException(fault, message));
    }

    private void Fail(RedisRequest request, RedisException fault)
    {
        if (request.TrySetException(fault))
        {
            _metrics.Failed(fault.Fault);
        }
    }

    private void Close(RedisException fault)
    {
        List<RedisRequest> left;
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
            left = [.. _awaited];
            _awaited.Clear();
        }

        foreach (RedisRequest request in left)
        {
            Fail(request, new RedisException(RedisFault.ConnectionLost, "The connection to Redis broke before the answer."));
        }

        _fault.TrySetResult(fault);
        _stop.Cancel();
    }

    private async Task ReadAsync()
    {
        try
        {
            await ReadRepliesAsync();
        }
        catch (Exception exception)
        {
            Close(Explain(exception));
        }
    }

    private async Task ReadRepliesAsync()
    {
        RespParser parser = new(_options.ReplyBytesMax);
        byte[] buffer = new byte[BufferBytes];
        int start = 0;
        int end = 0;
        while (true)
        {
            int read = await _stream.ReadAsync(buffer.AsMemory(end), _stop.Token);
            if (read == 0)
            {
                throw new RedisException(RedisFault.ConnectionLost, "Redis closed the connection.");
            }

            end += read;
            Volatile.Write(ref _heardAt, _time.GetTimestamp());
            bool isReply = true;
            while (isReply)
            {
                isReply = parser.TryRead(buffer.AsSpan(start, end - start), out int consumed, out RedisReply reply);
                start += consumed;
                if (isReply)
                {
                    Dispatch(reply);
                }
            }

            (buffer, start, end) = MakeRoom(buffer, start, end);
        }
    }

    private static (byte[] Buffer, int Start, int End) MakeRoom(byte[] buffer, int start, int end)
    {
        int left = end - start;
        if (left == 0)
        {
            return (buffer.Length > BufferKeptBytes ? new byte[BufferBytes] : buffer, 0, 0);
        }

        if (end < buffer.Length)
        {
            return (buffer, start, end);
        }

        byte[] target = left > buffer.Length / 2 ? new byte[buffer.Length * 2] : buffer;
        buffer.AsSpan(start, left).CopyTo(target);
        return (target, 0, left);
    }

    private void Dispatch(RedisReply reply)
    {
        if (reply.Kind == RedisReplyKind.Push)
        {
            _push(reply);
            return;
        }

        RedisRequest? request;
        lock (_gate)
        {
            if (!_awaited.TryDequeue(out request))
            {
                if (_isClosed)
                {
                    return;
                }

                throw new RedisException(RedisFault.Protocol, "Redis sent an answer that nothing asked for.");
            }
        }

        if (_metrics.IsTimed && !request.Task.IsCompleted)
        {
            _metrics.Answered(_time.GetElapsedTime(request.SentAt));
        }

        request.Answer(reply);
    }

    private async Task WriteAsync()
    {
        try
        {
            while (true)
            {
                if (!TrySwap())
                {
                    await _wake.WaitAsync(_stop.Token);
                    continue;
                }

                await _stream.WriteAsync(_sending.WrittenMemory, _stop.Token);
                await _stream.FlushAsync(_stop.Token);
                if (_sending.Capacity > BufferKeptBytes)
                {
                    _sending = new ArrayBufferWriter<byte>(BufferBytes);
                }

                _sending.ResetWrittenCount();
            }
        }
        catch (Exception exception)
        {
            Close(Explain(exception));
        }
    }

    private bool TrySwap()
    {
        lock (_gate)
        {
            if (_filling.WrittenCount == 0)
            {
                _isWriterIdle = true;
                return false;
            }

            (_filling, _sending) = (_sending, _filling);
            return true;
        }
    }

    private static RedisException Explain(Exception exception) => exception switch
    {
        RedisException known => known,
        OperationCanceledException => new RedisException(RedisFault.NotConnected, "The connection to Redis was closed."),
        _ => new RedisException(RedisFault.ConnectionLost, $"The connection to Redis broke ({exception.GetType().Name}).", exception),
    };
}
