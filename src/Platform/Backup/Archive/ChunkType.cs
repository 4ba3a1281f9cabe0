namespace Iskra.Platform.Backup.Archive;

/// <summary>The first byte of an opened chunk. Stored: numbers never change.</summary>
internal enum ChunkType
{
    Manifest = 1,
    Data = 2,
    Index = 3,
}
