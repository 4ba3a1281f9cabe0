using System.Text;

namespace Iskra.Platform.Backup.Archive;

/// <summary>What an archive's content is when it is complete, wherever each block is kept: the last part of the archive.</summary>
internal sealed record ArchiveIndex(IReadOnlyList<ArchiveEntry> Entries)
{
    private const int EntriesMax = 100_000;
    private const int PathMax = 4_096;

    public ArchiveEntry? Find(string path) => Entries.FirstOrDefault(entry => entry.Path == path);

    public byte[] ToBytes()
    {
        using MemoryStream stream = new();
        using (BinaryWriter writer = new(stream, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Entries.Count);
            foreach (ArchiveEntry entry in Entries)
            {
                writer.Write(entry.Path);
                writer.Write(entry.Length);
                writer.Write(entry.BlockCount);
                writer.Write(entry.Hashes);
            }
        }

        return stream.ToArray();
    }

    /// <exception cref="BackupException">The bytes are no index; sealed ones always are, so this is a fault of the program that wrote
    /// it.</exception>
    public static ArchiveIndex Parse(byte[] bytes)
    {
        using BinaryReader reader = new(new MemoryStream(bytes, writable: false), Encoding.UTF8);
        try
        {
            int count = reader.ReadInt32();
            Require(count is >= 0 and <= EntriesMax);
            List<ArchiveEntry> entries = [];
            for (int i = 0; i < count; i++)
            {
                string path = reader.ReadString();
                long length = reader.ReadInt64();
                int blocks = reader.ReadInt32();
                Require(BackupPaths.IsSafe(path) && path.Length <= PathMax && length >= 0);
                Require(blocks == (length + ArchiveEntry.BlockSize - 1) / ArchiveEntry.BlockSize);
                Require((long)blocks * ArchiveEntry.HashSize <= bytes.Length);
                entries.Add(new ArchiveEntry(path, length, reader.ReadBytes(blocks * ArchiveEntry.HashSize)));
                Require(entries[^1].BlockCount == blocks);
            }

            Require(reader.BaseStream.Position == bytes.Length && entries.DistinctBy(entry => entry.Path).Count() == count);
            return new ArchiveIndex(entries);
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException or OverflowException)
        {
            throw Wrong();
        }
    }

    private static void Require(bool isMet)
    {
        if (!isMet)
        {
            throw Wrong();
        }
    }

    private static BackupException Wrong() => new(BackupFault.Damaged, "its index can't be read");
}
