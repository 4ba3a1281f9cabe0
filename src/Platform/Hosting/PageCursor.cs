using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;

namespace Iskra.Platform.Hosting;

/// <summary>Opaque cursors: base64url of a key that the list is ordered by. Callers pass them back and must not read them.</summary>
public static class PageCursor
{
    /// <summary>The answer to a cursor that this list didn't give.</summary>
    public static ProblemResult Invalid { get; } = Problems.Invalid("cursor", "is not a cursor of this list");

    public static string Encode(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return Base64Url.EncodeToString(bytes);
    }

    public static string Encode(Guid value) => Base64Url.EncodeToString(value.ToByteArray(bigEndian: true));

    public static string Encode(string value) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(value));

    public static bool TryDecode(string cursor, out long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        bool ok = TryDecodeExactly(cursor, bytes);
        value = ok ? BinaryPrimitives.ReadInt64BigEndian(bytes) : 0;
        return ok;
    }

    public static bool TryDecode(string cursor, out Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        bool ok = TryDecodeExactly(cursor, bytes);
        value = ok ? new Guid(bytes, bigEndian: true) : Guid.Empty;
        return ok;
    }

    public static bool TryDecode(string cursor, out string value)
    {
        value = "";
        if (!Base64Url.IsValid(cursor))
        {
            return false;
        }

        value = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        return true;
    }

    private static bool TryDecodeExactly(string cursor, Span<byte> bytes) =>
        Base64Url.IsValid(cursor, out int length)
        && length == bytes.Length
        && Base64Url.TryDecodeFromChars(cursor, bytes, out int written)
        && written == bytes.Length;
}
