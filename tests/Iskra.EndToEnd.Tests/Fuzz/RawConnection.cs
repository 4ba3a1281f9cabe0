using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Iskra.EndToEnd.Tests.Fuzz;

/// <summary>A kept-alive connection that sends any bytes and reads one answer; it reconnects when the server has closed it.</summary>
internal sealed class RawConnection(Uri address) : IAsyncDisposable
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(45);

    private readonly byte[] _buffer = new byte[64 * 1024];
    private TcpClient? _client;
    private NetworkStream? _stream;
    private int _start;
    private int _end;

    public async Task<RawAnswer> SendAsync(FuzzRequest request)
    {
        using CancellationTokenSource limit = new(AnswerTimeout);
        byte[] bytes = request.ToBytes();
        bool isFresh = _client is null;
        RawAnswer answer = await ExchangeAsync(request, bytes, limit.Token);
        if (answer.Status == 0 && !isFresh)
        {
            // The server may have closed the connection after the last answer; only a fresh one tells.
            answer = await ExchangeAsync(request, bytes, limit.Token);
        }

        if (answer.Status == 0 || answer.IsClosing || request.IsProtocolFault || answer.MediaType == "text/event-stream")
        {
            Close();
        }

        return answer;
    }

    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    private void Close()
    {
        _client?.Dispose();
        _client = null;
        _start = _end = 0;
    }

    private async Task<RawAnswer> ExchangeAsync(FuzzRequest request, byte[] bytes, CancellationToken cancellationToken)
    {
        try
        {
            if (_client is null)
            {
                _client = new TcpClient { NoDelay = true };
                await _client.ConnectAsync(address.Host, address.Port, cancellationToken);
                _stream = _client.GetStream();
            }

            // Written and read at once: a body over the limit is refused while it is still on its way.
            Task write = WriteAsync(_client, _stream!, request, bytes, cancellationToken);
            RawAnswer answer = await ReadAnswerAsync(_stream!, request.Method == "HEAD", cancellationToken);
            if (!write.IsCompleted)
            {
                Close();
            }

            await write;
            return answer;
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            Close();
            return RawAnswer.None;
        }
    }

    private static async Task WriteAsync(
        TcpClient client, NetworkStream stream, FuzzRequest request, byte[] bytes, CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(bytes, cancellationToken);
            if (request.Damage is not null || request.ClaimedLength is not null)
            {
                // No more will come: the server need not wait for the rest of what was cut off.
                client.Client.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            // The server stopped listening before the end; its answer, if any, is what counts.
        }
    }

    private async Task<RawAnswer> ReadAnswerAsync(NetworkStream stream, bool isHead, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await ReadLineAsync(stream, cancellationToken) is not { } statusLine)
            {
                return RawAnswer.None;
            }

            int status = int.Parse(statusLine.Split(' ')[1], CultureInfo.InvariantCulture);
            Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
            while (await ReadLineAsync(stream, cancellationToken) is { Length: > 0 } line)
            {
                int colon = line.IndexOf(':', StringComparison.Ordinal);
                headers[line[..colon]] = line[(colon + 1)..].Trim();
            }

            if (status == 100)
            {
                continue;
            }

            bool isBodyless = isHead || status is 101 or 204 or 304
                || headers.GetValueOrDefault("Content-Type", "").StartsWith("text/event-stream", StringComparison.Ordinal);
            return new RawAnswer(status, headers, isBodyless ? [] : await ReadBodyAsync(stream, headers, cancellationToken));
        }
    }

    private async Task<byte[]> ReadBodyAsync(NetworkStream stream, Dictionary<string, string> headers, CancellationToken cancellationToken)
    {
        if (headers.TryGetValue("Content-Length", out string? length))
        {
            return await ReadExactAsync(stream, int.Parse(length, CultureInfo.InvariantCulture), cancellationToken);
        }

        using MemoryStream body = new();
        if (!headers.ContainsKey("Transfer-Encoding"))
        {
            while (await FillAsync(stream, cancellationToken))
            {
                await body.WriteAsync(_buffer.AsMemory(_start, _end - _start), cancellationToken);
                _start = _end;
            }

            return body.ToArray();
        }

        while (await ReadLineAsync(stream, cancellationToken) is { } line
            && int.Parse(line, NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and int size)
        {
            await body.WriteAsync(await ReadExactAsync(stream, size, cancellationToken), cancellationToken);
            await ReadLineAsync(stream, cancellationToken);
        }

        await ReadLineAsync(stream, cancellationToken);
        return body.ToArray();
    }

    private async Task<byte[]> ReadExactAsync(NetworkStream stream, int count, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[count];
        for (int read = 0; read < count;)
        {
            if (_start == _end && !await FillAsync(stream, cancellationToken))
            {
                throw new IOException("The connection was closed within an answer.");
            }

            int take = Math.Min(count - read, _end - _start);
            _buffer.AsSpan(_start, take).CopyTo(bytes.AsSpan(read));
            _start += take;
            read += take;
        }

        return bytes;
    }

    private async Task<string?> ReadLineAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        StringBuilder line = new();
        while (true)
        {
            if (_start == _end && !await FillAsync(stream, cancellationToken))
            {
                return null;
            }

            byte next = _buffer[_start++];
            if (next == (byte)'\n')
            {
                return line.ToString();
            }

            if (next != (byte)'\r')
            {
                line.Append((char)next);
            }
        }
    }

    private async Task<bool> FillAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        _start = 0;
        _end = await stream.ReadAsync(_buffer, cancellationToken);
        return _end > 0;
    }
}
