using System.Globalization;
using System.Text;

namespace Iskra.Platform.Redis;

/// <summary>The kinds of RESP2 and RESP3 values that Redis sends.</summary>
internal enum RedisReplyKind
{
    Null = 0,
    SimpleString = 1,
    Error = 2,
    Integer = 3,
    Bulk = 4,
    Array = 5,
    Map = 6,
    Set = 7,
    Push = 8,
    Double = 9,
    Boolean = 10,
    BigNumber = 11,
    Attribute = 12,
}

/// <summary>One value that the server sent. Immutable; a map is its keys and values in turn.</summary>
internal readonly record struct RedisReply
{
    private readonly object? _value;
    private readonly long _integer;

    private RedisReply(RedisReplyKind kind, object? value, long integer)
    {
        Kind = kind;
        _value = value;
        _integer = integer;
    }

    public RedisReplyKind Kind { get; }

    public bool IsNull => Kind == RedisReplyKind.Null;

    /// <summary>The elements of an array, set, push or map; empty for others.</summary>
    public RedisReply[] Items => _value as RedisReply[] ?? [];

    /// <summary>The bytes of a string of any kind; empty for others.</summary>
    public ReadOnlyMemory<byte> Bytes => _value as byte[];

    /// <summary>An integer, a boolean as 0 or 1, or the integer that a string spells.</summary>
    /// <exception cref="RedisException">It is none.</exception>
    public long Integer => Kind switch
    {
        RedisReplyKind.Integer or RedisReplyKind.Boolean => _integer,
        _ when long.TryParse(Bytes.Span, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long parsed) => parsed,
        _ => throw new RedisException(RedisFault.Protocol, "Redis sent something else where an integer was due."),
    };

    public static RedisReply Null => default;

    public static RedisReply OfBytes(RedisReplyKind kind, byte[] value) => new(kind, value, 0);

    public static RedisReply OfInteger(RedisReplyKind kind, long value) => new(kind, null, value);

    public static RedisReply OfItems(RedisReplyKind kind, RedisReply[] items) => new(kind, items, 0);

    /// <summary>The text of a string; for messages of tests and of handshakes.</summary>
    public override string ToString() => Kind switch
    {
        RedisReplyKind.Null => "(null)",
        RedisReplyKind.Integer or RedisReplyKind.Boolean => _integer.ToString(CultureInfo.InvariantCulture),
        _ when _value is RedisReply[] items => $"[{string.Join(' ', items)}]",
        _ => Encoding.UTF8.GetString(Bytes.Span),
    };
}
