using System.Buffers.Binary;

namespace Iskra.Modules.Cards.Storage;

/// <summary>
/// A UUID as the number that its big-endian bytes spell: the same order in memory, in SQLite's blobs and in PostgreSQL's uuid.
/// </summary>
internal static class Uuid
{
    public static UInt128 ToUInt128(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    public static Guid ToGuid(UInt128 id)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, id);
        return new Guid(bytes, bigEndian: true);
    }

    public static void Write(UInt128 id, Span<byte> bytes) => BinaryPrimitives.WriteUInt128BigEndian(bytes, id);
}
