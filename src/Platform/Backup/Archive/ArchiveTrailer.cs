using System.Buffers.Binary;

namespace Iskra.Platform.Backup.Archive;

/// <summary>
/// The last bytes of an archive: where its index is. In clear and unsealed, so it proves nothing by itself: what it points at is sealed,
/// and a reader compares it with what it counted.
/// </summary>
/// <param name="Length">Of the whole file, the trailer included.</param>
/// <param name="IndexOffset">Where the first chunk of the index begins.</param>
/// <param name="IndexChunk">That chunk's number.</param>
/// <param name="Chunks">How many chunks there are.</param>
internal readonly record struct ArchiveTrailer(long Length, long IndexOffset, uint IndexChunk, uint Chunks)
{
    public const int Size = 32;

    private static ReadOnlySpan<byte> Magic => "ISKRAEND"u8;

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Size];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Length);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(8), IndexOffset);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(16), IndexChunk);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(20), Chunks);
        Magic.CopyTo(bytes.AsSpan(24));
        return bytes;
    }

    /// <summary>False when the file does not end as a complete archive does.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, long fileLength, out ArchiveTrailer trailer)
    {
        trailer = default;
        if (bytes.Length != Size || !bytes[24..].SequenceEqual(Magic))
        {
            return false;
        }

        trailer = new ArchiveTrailer(
            BinaryPrimitives.ReadInt64BigEndian(bytes),
            BinaryPrimitives.ReadInt64BigEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[20..]));
        return trailer.Length == fileLength && trailer.IndexOffset >= ArchiveHeader.Size
            && trailer.IndexOffset < fileLength - Size && trailer.IndexChunk < trailer.Chunks;
    }
}
