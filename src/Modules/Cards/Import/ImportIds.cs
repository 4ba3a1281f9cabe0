using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Iskra.Modules.Cards.Import;

/// <summary>
/// Ids that follow from what they stand for (UUIDv8, RFC 9562): the same row of the same namespace has the same id in every run, so that
/// an import that is run again finds what it wrote. A transfer's id begins with its time, which keeps the journal's index append-only.
/// </summary>
internal sealed class ImportIds
{
    private const int KeyBytesMax = ImportRowParser.KeyLengthMax * 3;
    private readonly byte[] _prefix;

    public ImportIds(string name, string currency) => _prefix = Encoding.UTF8.GetBytes($"iskra-import|{name}|{currency}|");

    public UInt128 Account(string kind, ReadOnlySpan<char> key) => Shape(Hash(kind, key));

    public UInt128 Transfer(string kind, ReadOnlySpan<char> rowId, long occurredAt)
    {
        UInt128 hash = Hash(kind, rowId);
        UInt128 milliseconds = (UInt128)(ulong)(occurredAt / 1000);
        return Shape((milliseconds << 80) | (hash & ((UInt128.One << 80) - 1)));
    }

    private UInt128 Hash(string kind, ReadOnlySpan<char> key)
    {
        Span<byte> text = stackalloc byte[_prefix.Length + 16 + KeyBytesMax];
        _prefix.CopyTo(text);
        int length = _prefix.Length;
        length += Encoding.UTF8.GetBytes(kind, text[length..]);
        text[length++] = (byte)'|';
        length += Encoding.UTF8.GetBytes(key, text[length..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..length], hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    /// <summary>Writes the version (8) and the variant (binary 10) over the bits that RFC 9562 keeps for them.</summary>
    private static UInt128 Shape(UInt128 bits)
    {
        UInt128 version = (UInt128)0xF << 76;
        UInt128 variant = (UInt128)0x3 << 62;
        return (bits & ~version & ~variant) | ((UInt128)0x8 << 76) | ((UInt128)0x2 << 62);
    }
}
