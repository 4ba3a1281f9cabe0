using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Iskra.Platform.Backup.Archive;

/// <summary>
/// Writes an archive from beginning to end: header, manifest, blocks, index, trailer. A block whose hash the base archive has at the same
/// place is left out. Used by one thread.
/// </summary>
internal sealed class ArchiveWriter : IDisposable
{
    public const int BlocksPerChunk = 16;
    public const int PlainMax = (BlocksPerChunk * ArchiveEntry.BlockSize) + 4_096;

    // Quality 1: measured against zlib's fastest, it is as fast and a tenth smaller on ledger pages.
    private const int BrotliQuality = 1;
    private const int BrotliWindow = 20;

    private readonly Stream _output;
    private readonly ChunkSeal _seal;
    private readonly ArchiveIndex? _base;
    private readonly List<ArchiveEntry> _entries = [];
    private readonly byte[] _plain = new byte[PlainMax];
    private readonly byte[] _sealed = new byte[sizeof(uint) + PlainMax + ChunkSeal.TagSize];
    private readonly byte[] _blocks = new byte[BlocksPerChunk * ArchiveEntry.BlockSize];
    private readonly List<int> _numbers = [];
    private int _filled;
    private uint _chunks;
    private long _position;

    /// <param name="output">At its beginning; stays open.</param>
    /// <param name="header">Already decided.</param>
    /// <param name="key">Seals the archive.</param>
    /// <param name="baseIndex">The base's index for a differential archive; null for a full one.</param>
    public ArchiveWriter(Stream output, ArchiveHeader header, ArchiveKey key, ArchiveIndex? baseIndex)
    {
        _output = output;
        _base = baseIndex;
        _seal = new ChunkSeal(key, header);
        _output.Write(header.ToBytes());
        _position = ArchiveHeader.Size;
    }

    /// <summary>Bytes of content that were read, whether they had to be written or not.</summary>
    public long ContentBytes { get; private set; }

    public long Length => _position;

    public void WriteManifest(ArchiveManifest manifest)
    {
        byte[] bytes = manifest.ToBytes();
        WritePieces(ChunkType.Manifest, bytes, isLast: false);
    }

    /// <summary>Adds a file; <paramref name="report"/> is told each chunk's worth of bytes read.</summary>
    public void Add(string path, Stream content, Action<long> report, CancellationToken cancellationToken)
    {
        ArchiveEntry? former = _base?.Find(path);
        int entry = _entries.Count;
        using MemoryStream hashes = new();
        long length = 0;
        int reported = 0;
        Span<byte> hash = stackalloc byte[ArchiveEntry.HashSize];
        for (int number = 0; ; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Span<byte> block = _blocks.AsSpan(_filled, ArchiveEntry.BlockSize);
            int read = content.ReadAtLeast(block, ArchiveEntry.BlockSize, throwOnEndOfStream: false);
            if (read > 0)
            {
                SHA256.HashData(block[..read], hash);
                hashes.Write(hash);
                length += read;
                reported += read;
                if (former is null || number >= former.BlockCount || !former.HashOf(number).SequenceEqual(hash))
                {
                    _numbers.Add(number);
                    _filled += read;
                }
            }

            if (_numbers.Count == BlocksPerChunk || read < ArchiveEntry.BlockSize)
            {
                FlushBlocks(entry);
            }

            if (reported >= _blocks.Length || read < ArchiveEntry.BlockSize)
            {
                report(reported);
                reported = 0;
            }

            if (read < ArchiveEntry.BlockSize)
            {
                break;
            }
        }

        ContentBytes += length;
        _entries.Add(new ArchiveEntry(path, length, hashes.ToArray()));
    }

    /// <summary>Writes the index and the trailer. Nothing may follow.</summary>
    public ArchiveIndex Complete()
    {
        ArchiveIndex index = new(_entries);
        long indexOffset = _position;
        uint indexChunk = _chunks;
        WritePieces(ChunkType.Index, index.ToBytes(), isLast: true);
        ArchiveTrailer trailer = new(_position + ArchiveTrailer.Size, indexOffset, indexChunk, _chunks);
        _output.Write(trailer.ToBytes());
        _position = trailer.Length;
        return index;
    }

    public void Dispose() => _seal.Dispose();

    /// <summary>Entry, count, block numbers, raw length, codec, and the blocks one after another.</summary>
    private void FlushBlocks(int entry)
    {
        if (_numbers.Count == 0)
        {
            return;
        }

        Span<byte> plain = _plain;
        plain[0] = (byte)ChunkType.Data;
        BinaryPrimitives.WriteInt32BigEndian(plain[1..], entry);
        plain[5] = (byte)_numbers.Count;
        int at = 6;
        foreach (int number in _numbers)
        {
            BinaryPrimitives.WriteInt32BigEndian(plain[at..], number);
            at += sizeof(int);
        }

        BinaryPrimitives.WriteInt32BigEndian(plain[at..], _filled);
        at += sizeof(int);
        ReadOnlySpan<byte> raw = _blocks.AsSpan(0, _filled);
        bool isSmaller = BrotliEncoder.TryCompress(
            raw, plain.Slice(at + 1, _filled - 1), out int compressed, BrotliQuality, BrotliWindow);
        plain[at] = isSmaller ? (byte)1 : (byte)0;
        if (!isSmaller)
        {
            raw.CopyTo(plain[(at + 1)..]);
            compressed = raw.Length;
        }

        WriteChunk(plain[..(at + 1 + compressed)], isLast: false);
        _numbers.Clear();
        _filled = 0;
    }

    private void WritePieces(ChunkType type, ReadOnlySpan<byte> bytes, bool isLast)
    {
        const int PieceMax = PlainMax - 1;
        do
        {
            int size = Math.Min(PieceMax, bytes.Length);
            _plain[0] = (byte)type;
            bytes[..size].CopyTo(_plain.AsSpan(1));
            bytes = bytes[size..];
            WriteChunk(_plain.AsSpan(0, size + 1), isLast && bytes.IsEmpty);
        }
        while (!bytes.IsEmpty);
    }

    private void WriteChunk(ReadOnlySpan<byte> plain, bool isLast)
    {
        int length = plain.Length + ChunkSeal.TagSize;
        BinaryPrimitives.WriteInt32BigEndian(_sealed, length);
        _seal.Seal(_chunks, isLast, plain, _sealed.AsSpan(sizeof(uint), length));
        _output.Write(_sealed.AsSpan(0, sizeof(uint) + length));
        _position += sizeof(uint) + length;
        _chunks = checked(_chunks + 1);
    }
}
