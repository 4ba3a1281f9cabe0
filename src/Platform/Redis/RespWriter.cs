using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Iskra.Platform.Redis;

/// <summary>Writes commands as RESP arrays of bulk strings.</summary>
internal static class RespWriter
{
    private const int HeaderMax = 24;

    /// <summary>The command's bytes on the wire, at most.</summary>
    public static long SizeMax(ReadOnlySpan<RedisArgument> arguments)
    {
        long size = HeaderMax;
        foreach (ref readonly RedisArgument argument in arguments)
        {
            size += argument.SizeMax + HeaderMax + 2;
        }

        return size;
    }

    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<RedisArgument> arguments)
    {
        WriteHeader(output, (byte)'*', arguments.Length);
        Span<byte> digits = stackalloc byte[20];
        foreach (ref readonly RedisArgument argument in arguments)
        {
            if (argument.Text is { } text)
            {
                WriteHeader(output, (byte)'$', Encoding.UTF8.GetByteCount(text));
                Encoding.UTF8.GetBytes(text, output);
            }
            else if (argument.IsInteger)
            {
                Utf8Formatter.TryFormat(argument.Integer, digits, out int length);
                WriteHeader(output, (byte)'$', length);
                output.Write(digits[..length]);
            }
            else
            {
                WriteHeader(output, (byte)'$', argument.Bytes.Length);
                output.Write(argument.Bytes.Span);
            }

            output.Write("\r\n"u8);
        }
    }

    private static void WriteHeader(IBufferWriter<byte> output, byte kind, int count)
    {
        Span<byte> header = output.GetSpan(HeaderMax);
        header[0] = kind;
        Utf8Formatter.TryFormat(count, header[1..], out int length);
        header[length + 1] = (byte)'\r';
        header[length + 2] = (byte)'\n';
        output.Advance(length + 3);
    }
}
