using System.Text;

namespace Iskra.EndToEnd.Tests.Telemetry;

/// <summary>Reads protocol buffers by field numbers, as far as these tests need it: no schema, no packed fields.</summary>
internal static class ProtobufFields
{
    /// <summary>The embedded messages or texts at a path of field numbers, each step into every field of that number.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> At(ReadOnlyMemory<byte> message, params int[] path)
    {
        IEnumerable<ReadOnlyMemory<byte>> found = [message];
        foreach (int number in path)
        {
            found = found.SelectMany(inner => Fields(inner).Where(field => field.Number == number).Select(field => field.Bytes));
        }

        return found;
    }

    /// <summary>The same as text.</summary>
    public static IEnumerable<string> TextAt(ReadOnlyMemory<byte> message, params int[] path) =>
        At(message, path).Select(bytes => Encoding.UTF8.GetString(bytes.Span));

    private static IEnumerable<(int Number, ReadOnlyMemory<byte> Bytes)> Fields(ReadOnlyMemory<byte> message)
    {
        int position = 0;
        while (position < message.Length)
        {
            ulong tag = Varint(message.Span, ref position);
            int kind = (int)(tag & 7);
            int length = kind switch
            {
                0 => VarintLength(message.Span, position),
                1 => 8,
                2 => (int)Varint(message.Span, ref position),
                5 => 4,
                _ => throw new InvalidDataException($"Wire type {kind} is not known."),
            };
            if (kind == 2)
            {
                yield return ((int)(tag >> 3), message.Slice(position, length));
            }

            position += length;
        }
    }

    private static int VarintLength(ReadOnlySpan<byte> message, int position)
    {
        int end = position;
        Varint(message, ref end);
        return end - position;
    }

    private static ulong Varint(ReadOnlySpan<byte> message, ref int position)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = message[position++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
