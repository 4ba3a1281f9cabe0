using System.Buffers.Binary;

namespace Iskra.Platform.Encryption;

/// <summary>
/// The form of every sealed value, big-endian: format (1 byte, 1), data key's id (8), data key's version (4), nonce (12), tag (16), and as
/// many bytes of ciphertext as the value had. A value says by itself which key opens it. The form never changes; another one gets another
/// first byte.
/// </summary>
internal static class SealedFormat
{
    public const byte Version1 = 1;
    public const int NonceSizeBytes = 12;
    public const int TagSizeBytes = 16;
    public const int OverheadBytes = TextAt;

    private const int KeyIdAt = 1;
    private const int KeyVersionAt = KeyIdAt + sizeof(long);
    private const int NonceAt = KeyVersionAt + sizeof(int);
    private const int TagAt = NonceAt + NonceSizeBytes;
    private const int TextAt = TagAt + TagSizeBytes;

    public static void WriteHeader(Span<byte> value, long keyId, int keyVersion)
    {
        value[0] = Version1;
        BinaryPrimitives.WriteInt64BigEndian(value[KeyIdAt..], keyId);
        BinaryPrimitives.WriteInt32BigEndian(value[KeyVersionAt..], keyVersion);
    }

    public static bool TryReadHeader(ReadOnlySpan<byte> value, out long keyId, out int keyVersion)
    {
        bool ok = value.Length >= OverheadBytes && value[0] == Version1;
        keyId = ok ? BinaryPrimitives.ReadInt64BigEndian(value[KeyIdAt..]) : 0;
        keyVersion = ok ? BinaryPrimitives.ReadInt32BigEndian(value[KeyVersionAt..]) : 0;
        return ok;
    }

    public static Span<byte> Nonce(Span<byte> value) => value.Slice(NonceAt, NonceSizeBytes);

    public static Span<byte> Tag(Span<byte> value) => value.Slice(TagAt, TagSizeBytes);

    public static Span<byte> Text(Span<byte> value) => value[TextAt..];

    public static ReadOnlySpan<byte> Nonce(ReadOnlySpan<byte> value) => value.Slice(NonceAt, NonceSizeBytes);

    public static ReadOnlySpan<byte> Tag(ReadOnlySpan<byte> value) => value.Slice(TagAt, TagSizeBytes);

    public static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> value) => value[TextAt..];
}
