using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Iskra.Bench;

/// <summary>
/// One keep-alive connection, one request at a time. The generator shares the machine with the server: a full HTTP client would cost more
/// than the requests that it measures.
/// </summary>
internal sealed class HttpConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _headStart;
    private byte[] _request = new byte[4096];
    private byte[] _answer = new byte[16 * 1024];

    public HttpConnection(int port, string path, string key)
    {
        _headStart = Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}\r\nAuthorization: Bearer {key}\r\n"
            + "Content-Type: application/json\r\nContent-Length: ");
    }

    /// <summary>The body of the last answer.</summary>
    public ReadOnlyMemory<byte> Body { get; private set; }

    public Task ConnectAsync(int port) => _socket.ConnectAsync(IPAddress.Loopback, port);

    /// <summary>Sends the body and reads the whole answer; returns the status code.</summary>
    public async Task<int> PostAsync(ReadOnlyMemory<byte> body)
    {
        await SendAsync(body);
        int length = 0;
        int head = -1;
        while (true)
        {
            if (length == _answer.Length)
            {
                Array.Resize(ref _answer, _answer.Length * 2);
            }

            int read = await _socket.ReceiveAsync(_answer.AsMemory(length));
            if (read == 0)
            {
                throw new IOException("The server closed the connection.");
            }

            length += read;
            head = head >= 0 ? head : _answer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (head >= 0 && IsWhole(head, length))
            {
                return Utf8Parser.TryParse(_answer.AsSpan(9, 3), out int status, out _) ? status : 0;
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task SendAsync(ReadOnlyMemory<byte> body)
    {
        int needed = _headStart.Length + 32 + body.Length;
        if (_request.Length < needed)
        {
            _request = new byte[needed * 2];
        }

        _headStart.CopyTo(_request, 0);
        int at = _headStart.Length;
        Utf8Formatter.TryFormat(body.Length, _request.AsSpan(at), out int digits);
        at += digits;
        "\r\n\r\n"u8.CopyTo(_request.AsSpan(at));
        at += 4;
        body.CopyTo(_request.AsMemory(at));
        at += body.Length;
        int sent = 0;
        while (sent < at)
        {
            sent += await _socket.SendAsync(_request.AsMemory(sent, at - sent));
        }
    }

    private bool IsWhole(int head, int length)
    {
        ReadOnlySpan<byte> headers = _answer.AsSpan(0, head + 2);
        int from = head + 4;
        int at = headers.IndexOf("\r\nContent-Length: "u8);
        if (at >= 0)
        {
            int content = Utf8Parser.TryParse(headers[(at + 18)..], out int announced, out _) ? announced : 0;
            Body = _answer.AsMemory(from, Math.Min(content, length - from));
            return length >= from + content;
        }

        if (headers.IndexOf("\r\nTransfer-Encoding: chunked"u8) < 0)
        {
            Body = default;
            return true;
        }

        if (!_answer.AsSpan(from, length - from).EndsWith("0\r\n\r\n"u8))
        {
            return false;
        }

        Body = Unchunk(_answer.AsMemory(from, length - from));
        return true;
    }

    private static Memory<byte> Unchunk(Memory<byte> body)
    {
        Span<byte> span = body.Span;
        int read = 0;
        int write = 0;
        while (Utf8Parser.TryParse(span[read..], out int size, out int digits, 'x') && size > 0)
        {
            read += digits + 2;
            span.Slice(read, size).CopyTo(span[write..]);
            read += size + 2;
            write += size;
        }

        return body[..write];
    }
}
