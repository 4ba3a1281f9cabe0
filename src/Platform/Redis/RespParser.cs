using System.Buffers.Text;

namespace Iskra.Platform.Redis;

/// <summary>
/// Reads RESP2 and RESP3 from whatever pieces the network brings: it takes whole tokens and remembers unfinished arrays, so that no byte is
/// looked at twice except within one token. Memory follows what has arrived, never what a length promises. For one thread.
/// </summary>
internal sealed class RespParser(int replyBytesMax)
{
    /// <summary>Nesting, at most.</summary>
    public const int DepthMax = 16;

    /// <summary>A line: an error, a status or a number.</summary>
    public const int LineMax = 64 * 1024;

    /// <summary>What an element costs beside its bytes, for the limit.</summary>
    private const int ElementBytes = 32;
    private const int CapacityMax = 64;

    private readonly Stack<Frame> _open = new();
    private long _size;

    /// <summary>Whether a reply has begun and not ended.</summary>
    public bool IsInside => _open.Count > 0;

    /// <summary>
    /// Takes what it can from <paramref name="data"/>; true with the next reply. <paramref name="consumed"/> bytes are done with either
    /// way, and the rest comes again with more behind it.
    /// </summary>
    /// <exception cref="RedisException">With <see cref="RedisFault.Protocol"/>: not RESP, or beyond a limit.</exception>
    public bool TryRead(ReadOnlySpan<byte> data, out int consumed, out RedisReply reply)
    {
        consumed = 0;
        while (TryToken(data[consumed..], out int length, out RedisReply token, out Frame? opened))
        {
            consumed += length;
            _size += ElementBytes + (opened is null ? length : 0);
            if (_size > replyBytesMax)
            {
                throw Broken("Redis sent a reply beyond Redis:ReplyBytesMax.");
            }

            if (opened is not null)
            {
                if (_open.Count == DepthMax)
                {
                    throw Broken("Redis sent arrays nested too deep.");
                }

                _open.Push(opened);
                continue;
            }

            if (Close(token) is { } whole)
            {
                _size = 0;
                reply = whole;
                return true;
            }
        }

        reply = default;
        return false;
    }

    /// <summary>Adds a finished value to the array around it, and so on outwards; not null when the outermost is finished.</summary>
    private RedisReply? Close(RedisReply value)
    {
        while (_open.TryPeek(out Frame? frame))
        {
            frame.Items.Add(value);
            if (frame.Items.Count < frame.Count)
            {
                return null;
            }

            _open.Pop();
            if (frame.Kind == RedisReplyKind.Attribute)
            {
                // Attributes go before the value that they tell about; nothing of ours asks for them.
                return null;
            }

            value = RedisReply.OfItems(frame.Kind, [.. frame.Items]);
        }

        return value;
    }

    private bool TryToken(ReadOnlySpan<byte> data, out int length, out RedisReply token, out Frame? opened)
    {
        length = 0;
        token = default;
        opened = null;
        if (data.IsEmpty)
        {
            return false;
        }

        int lineEnd = data.IndexOf("\r\n"u8);
        if (lineEnd < 0)
        {
            return data.Length <= LineMax ? false : throw Broken("Redis sent a line without end.");
        }

        if (lineEnd == 0)
        {
            throw Broken("Redis sent what is not RESP.");
        }

        ReadOnlySpan<byte> line = data[1..lineEnd];
        length = lineEnd + 2;
        switch (data[0])
        {
            case (byte)'+':
                token = RedisReply.OfBytes(RedisReplyKind.SimpleString, line.ToArray());
                return true;
            case (byte)'-':
                token = RedisReply.OfBytes(RedisReplyKind.Error, line.ToArray());
                return true;
            case (byte)':':
                token = RedisReply.OfInteger(RedisReplyKind.Integer, Number(line));
                return true;
            case (byte)',':
                token = RedisReply.OfBytes(RedisReplyKind.Double, line.ToArray());
                return true;
            case (byte)'(':
                token = RedisReply.OfBytes(RedisReplyKind.BigNumber, line.ToArray());
                return true;
            case (byte)'#':
                token = RedisReply.OfInteger(RedisReplyKind.Boolean, line is [(byte)'t' or (byte)'f'] ? line[0] == 't' ? 1 : 0
                    : throw Broken("Redis sent a boolean that is neither t nor f."));
                return true;
            case (byte)'_':
                return line.IsEmpty ? true : throw Broken("Redis sent a null that holds something.");
            case (byte)'$':
                return TryBulk(data, Number(line), RedisReplyKind.Bulk, ref length, out token);
            case (byte)'=':
                return TryBulk(data, Number(line), RedisReplyKind.SimpleString, ref length, out token);
            case (byte)'!':
                return TryBulk(data, Number(line), RedisReplyKind.Error, ref length, out token);
            case (byte)'*':
                return Open(RedisReplyKind.Array, Number(line), 1, out token, out opened);
            case (byte)'~':
                return Open(RedisReplyKind.Set, Number(line), 1, out token, out opened);
            case (byte)'>':
                return Open(RedisReplyKind.Push, Number(line), 1, out token, out opened);
            case (byte)'%':
                return Open(RedisReplyKind.Map, Number(line), 2, out token, out opened);
            case (byte)'|':
                return Open(RedisReplyKind.Attribute, Number(line), 2, out token, out opened);
            default:
                throw Broken("Redis sent what is not RESP.");
        }
    }

    private bool TryBulk(ReadOnlySpan<byte> data, long count, RedisReplyKind kind, ref int length, out RedisReply token)
    {
        token = default;
        if (count == -1 && kind == RedisReplyKind.Bulk)
        {
            return true;
        }

        if (count < 0 || count > replyBytesMax)
        {
            throw Broken("Redis sent a string of a length beyond Redis:ReplyBytesMax.");
        }

        int size = (int)count;
        if (data.Length - length < size + 2)
        {
            return false;
        }

        if (data[length + size] != '\r' || data[length + size + 1] != '\n')
        {
            throw Broken("Redis sent a string longer than it said.");
        }

        token = RedisReply.OfBytes(kind, data.Slice(length, size).ToArray());
        length += size + 2;
        return true;
    }

    private bool Open(RedisReplyKind kind, long count, int factor, out RedisReply token, out Frame? opened)
    {
        token = default;
        opened = null;
        if (count == -1 && kind == RedisReplyKind.Array)
        {
            return true;
        }

        if (count < 0 || count > replyBytesMax / ElementBytes / factor)
        {
            throw Broken("Redis sent an array of a length beyond Redis:ReplyBytesMax.");
        }

        if (count == 0 && kind != RedisReplyKind.Attribute)
        {
            token = RedisReply.OfItems(kind, []);
            return true;
        }

        opened = count == 0 ? throw Broken("Redis sent an attribute without content.") : new Frame(kind, (int)count * factor);
        return true;
    }

    private static long Number(ReadOnlySpan<byte> line) =>
        Utf8Parser.TryParse(line, out long value, out int used) && used == line.Length
            ? value
            : throw Broken("Redis sent a number that can't be read.");

    private static RedisException Broken(string message) => new(RedisFault.Protocol, message);

    private sealed class Frame(RedisReplyKind kind, int count)
    {
        public RedisReplyKind Kind { get; } = kind;

        public int Count { get; } = count;

        public List<RedisReply> Items { get; } = new(Math.Min(count, CapacityMax));
    }
}
