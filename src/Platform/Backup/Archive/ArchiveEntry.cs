namespace Iskra.Platform.Backup.Archive;

/// <summary>A file in an archive, as blocks of <see cref="BlockSize"/> bytes (the last one may be shorter) and their SHA-256.</summary>
internal sealed class ArchiveEntry
{
    public const int BlockSize = 64 * 1024;
    public const int HashSize = 32;

    public ArchiveEntry(string path, long length, byte[] hashes)
    {
        Path = path;
        Length = length;
        Hashes = hashes;
    }

    /// <summary>Below the data folder, with forward slashes. <see cref="BackupPaths.Database"/> is the store.</summary>
    public string Path { get; }

    public long Length { get; }

    /// <summary>One after another, <see cref="HashSize"/> bytes each.</summary>
    public byte[] Hashes { get; }

    public int BlockCount => Hashes.Length / HashSize;

    public ReadOnlySpan<byte> HashOf(int block) => Hashes.AsSpan(block * HashSize, HashSize);

    public int LengthOf(int block) => (int)Math.Min(BlockSize, Length - ((long)block * BlockSize));
}
