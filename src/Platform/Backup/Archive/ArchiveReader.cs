using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Iskra.Platform.Backup.Archive;

/// <summary>Opens an archive and reads it in order. Whatever it returns was authenticated. Used by one thread.</summary>
internal sealed class ArchiveReader : IDisposable
{
    private readonly FileStream _file;
    private readonly ArchiveTrailer _trailer;
    private readonly ChunkSeal _seal;
    private readonly byte[] _sealed = new byte[ArchiveWriter.PlainMax + ChunkSeal.TagSize];
    private readonly byte[] _plain = new byte[ArchiveWriter.PlainMax];
    private readonly byte[] _raw = new byte[ArchiveWriter.BlocksPerChunk * ArchiveEntry.BlockSize];

    private ArchiveReader(FileStream file, ArchiveHeader header, ArchiveTrailer trailer, ArchiveKey key)
    {
        _file = file;
        Header = header;
        _trailer = trailer;
        _seal = new ChunkSeal(key, header);
        Manifest = ArchiveManifest.Parse(ReadPieces(ChunkType.Manifest, ArchiveHeader.Size, 0, out _, out _));
        Index = ArchiveIndex.Parse(ReadPieces(ChunkType.Index, trailer.IndexOffset, trailer.IndexChunk, out uint end, out long endOffset));
        if (end != trailer.Chunks || endOffset != trailer.Length - ArchiveTrailer.Size)
        {
            throw Damaged("its end is damaged");
        }
    }

    /// <summary>What is told each block: the entry, the block's number, its bytes. They are valid during the call only.</summary>
    public delegate void BlockHandler(ArchiveEntry entry, int number, ReadOnlySpan<byte> bytes);

    public ArchiveHeader Header { get; }

    public ArchiveManifest Manifest { get; }

    public ArchiveIndex Index { get; }

    public long Length => _trailer.Length;

    /// <exception cref="BackupException">It is no archive, damaged, of a newer version, or sealed with another key.</exception>
    public static ArchiveReader Open(string path, ArchiveKey key)
    {
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1024 * 1024, FileOptions.SequentialScan);
        try
        {
            if (!TryReadEnds(file, out ArchiveHeader? header, out ArchiveTrailer trailer))
            {
                throw new BackupException(BackupFault.Damaged, "it is cut off: its end is missing");
            }

            if (header.KeyId != key.Id)
            {
                throw new BackupException(
                    BackupFault.WrongKey,
                    $"it was sealed with another key ({header.KeyId:x16}, not {key.Id:x16}), or its header is damaged");
            }

            return new ArchiveReader(file, header, trailer, key);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Header and trailer, without a key; false when the end is missing.</summary>
    /// <exception cref="BackupException">It is no archive.</exception>
    public static bool TryReadEnds(FileStream file, [NotNullWhen(true)] out ArchiveHeader? header, out ArchiveTrailer trailer)
    {
        byte[] bytes = new byte[ArchiveHeader.Size];
        file.Position = 0;
        int read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        header = ArchiveHeader.Parse(bytes.AsSpan(0, read));
        trailer = default;
        if (file.Length < ArchiveHeader.Size + ArchiveTrailer.Size)
        {
            return false;
        }

        byte[] end = new byte[ArchiveTrailer.Size];
        file.Position = file.Length - end.Length;
        file.ReadExactly(end);
        return ArchiveTrailer.TryParse(end, file.Length, out trailer);
    }

    /// <summary>Reads every chunk and gives every block to <paramref name="onBlock"/>, after its hash was compared.</summary>
    /// <exception cref="BackupException">The archive is damaged.</exception>
    public void ReadBlocks(BlockHandler onBlock, Action<long> report, CancellationToken cancellationToken)
    {
        _file.Position = ArchiveHeader.Size;
        for (uint number = 0; number < _trailer.Chunks; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long before = _file.Position;
            ReadOnlySpan<byte> plain = ReadChunk(number);
            if ((plain[0] == (byte)ChunkType.Index) != (number >= _trailer.IndexChunk))
            {
                throw Damaged("its end is damaged");
            }

            if (plain[0] == (byte)ChunkType.Data)
            {
                ReadData(plain[1..], onBlock);
            }

            report(_file.Position - before);
        }

        if (_file.Position != _trailer.Length - ArchiveTrailer.Size)
        {
            throw Damaged("it has bytes that don't belong to it");
        }
    }

    public void Dispose()
    {
        _seal.Dispose();
        _file.Dispose();
    }

    private static BackupException Damaged(string what) => new(BackupFault.Damaged, what);

    private void ReadData(ReadOnlySpan<byte> data, BlockHandler onBlock)
    {
        int entryNumber = BinaryPrimitives.ReadInt32BigEndian(data);
        int count = data[4];
        ReadOnlySpan<byte> numbers = data.Slice(5, count * sizeof(int));
        ReadOnlySpan<byte> rest = data[(5 + numbers.Length)..];
        int rawLength = BinaryPrimitives.ReadInt32BigEndian(rest);
        bool isCompressed = rest[sizeof(int)] == 1;
        ReadOnlySpan<byte> body = rest[(sizeof(int) + 1)..];
        ReadOnlySpan<byte> raw = body;
        if (isCompressed)
        {
            if (!BrotliDecoder.TryDecompress(body, _raw, out int written) || written != rawLength)
            {
                throw Damaged("a chunk can't be decompressed");
            }

            raw = _raw.AsSpan(0, written);
        }

        ArchiveEntry entry = Index.Entries[entryNumber];
        Span<byte> hash = stackalloc byte[ArchiveEntry.HashSize];
        foreach (int i in Enumerable.Range(0, count))
        {
            int number = BinaryPrimitives.ReadInt32BigEndian(numbers[(i * sizeof(int))..]);
            ReadOnlySpan<byte> block = raw[..entry.LengthOf(number)];
            raw = raw[block.Length..];
            SHA256.HashData(block, hash);
            if (!hash.SequenceEqual(entry.HashOf(number)))
            {
                throw Damaged($"block {number} of {entry.Path} is not what was read from the store");
            }

            onBlock(entry, number, block);
        }
    }

    private byte[] ReadPieces(ChunkType type, long offset, uint first, out uint end, out long endOffset)
    {
        using MemoryStream pieces = new();
        _file.Position = offset;
        end = first;
        endOffset = offset;
        while (end < _trailer.Chunks)
        {
            ReadOnlySpan<byte> plain = ReadChunk(end);
            if (plain[0] != (byte)type)
            {
                break;
            }

            pieces.Write(plain[1..]);
            endOffset = _file.Position;
            end++;
        }

        return pieces.ToArray();
    }

    private ReadOnlySpan<byte> ReadChunk(uint number)
    {
        Span<byte> prefix = stackalloc byte[sizeof(uint)];
        int length = _file.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false) == prefix.Length
            ? BinaryPrimitives.ReadInt32BigEndian(prefix)
            : 0;
        if (length <= ChunkSeal.TagSize || length > _sealed.Length)
        {
            throw Damaged($"chunk {number} is damaged");
        }

        Span<byte> bytes = _sealed.AsSpan(0, length);
        Span<byte> plain = _plain.AsSpan(0, length - ChunkSeal.TagSize);
        if (_file.ReadAtLeast(bytes, length, throwOnEndOfStream: false) != length
            || !_seal.TryOpen(number, number == _trailer.Chunks - 1, bytes, plain))
        {
            throw Damaged($"chunk {number} is damaged");
        }

        return plain;
    }
}
