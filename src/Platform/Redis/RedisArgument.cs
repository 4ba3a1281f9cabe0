using System.Text;

namespace Iskra.Platform.Redis;

/// <summary>One argument of a command: text, bytes or an integer.</summary>
internal readonly record struct RedisArgument
{
    private RedisArgument(string? text, ReadOnlyMemory<byte> bytes, long integer, bool isInteger)
    {
        Text = text;
        Bytes = bytes;
        Integer = integer;
        IsInteger = isInteger;
    }

    public string? Text { get; }

    public ReadOnlyMemory<byte> Bytes { get; }

    public long Integer { get; }

    public bool IsInteger { get; }

    /// <summary>The argument's bytes on the wire, at most.</summary>
    public int SizeMax => Text is not null ? Encoding.UTF8.GetMaxByteCount(Text.Length) : IsInteger ? 20 : Bytes.Length;

    public static implicit operator RedisArgument(string text) => new(text, default, 0, false);

    public static implicit operator RedisArgument(long value) => new(null, default, value, true);

    public static implicit operator RedisArgument(byte[] bytes) => new(null, bytes, 0, false);

    public static implicit operator RedisArgument(ReadOnlyMemory<byte> bytes) => new(null, bytes, 0, false);
}
