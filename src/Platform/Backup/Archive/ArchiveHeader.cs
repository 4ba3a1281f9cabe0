using System.Buffers.Binary;
using System.Security.Cryptography;
using Iskra.Platform.Data;

namespace Iskra.Platform.Backup.Archive;

/// <summary>
/// The first bytes of an archive, in clear, so that a list needs no key. Every chunk is sealed with all of them as associated data: a
/// changed header opens nothing.
/// </summary>
internal sealed record ArchiveHeader
{
    public const int Size = 96;
    public const int SaltSize = 32;
    public const ushort VersionNewest = 1;

    public required BackupKind Kind { get; init; }

    public required DatabaseEngine Engine { get; init; }

    /// <summary>Microseconds since 1970, of the moment that the content shows.</summary>
    public required long CreatedAt { get; init; }

    public required Guid Id { get; init; }

    /// <summary>The full archive that a differential one builds on; empty for a full one.</summary>
    public required Guid BaseId { get; init; }

    public required ulong KeyId { get; init; }

    public required ReadOnlyMemory<byte> Salt { get; init; }

    private static ReadOnlySpan<byte> Magic => "ISKRABAK"u8;

    public static ArchiveHeader Create(
        BackupKind kind, DatabaseEngine engine, DateTimeOffset createdAt, Guid baseId, ArchiveKey key) => new()
        {
            Kind = kind,
            Engine = engine,
            CreatedAt = Instants.ToMicroseconds(createdAt),
            Id = Guid.CreateVersion7(createdAt),
            BaseId = baseId,
            KeyId = key.Id,
            Salt = RandomNumberGenerator.GetBytes(SaltSize),
        };

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Size];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(8), VersionNewest);
        bytes[10] = (byte)Kind;
        bytes[11] = (byte)Engine;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(16), CreatedAt);
        Id.TryWriteBytes(bytes.AsSpan(24), bigEndian: true, out _);
        BaseId.TryWriteBytes(bytes.AsSpan(40), bigEndian: true, out _);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(56), KeyId);
        Salt.Span.CopyTo(bytes.AsSpan(64));
        return bytes;
    }

    /// <exception cref="BackupException">It is no archive, or one of a newer version.</exception>
    public static ArchiveHeader Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Size || !bytes.StartsWith(Magic))
        {
            throw new BackupException(BackupFault.Damaged, "it is no backup of Iskra, or its beginning is damaged");
        }

        ushort version = BinaryPrimitives.ReadUInt16BigEndian(bytes[8..]);
        if (version > VersionNewest)
        {
            throw new BackupException(
                BackupFault.NewerFormat,
                $"it has format {version}, and this program knows formats up to {VersionNewest}. Use the version of Iskra that wrote it, "
                + "or a newer one");
        }

        ArchiveHeader header = new()
        {
            Kind = (BackupKind)bytes[10],
            Engine = (DatabaseEngine)bytes[11],
            CreatedAt = BinaryPrimitives.ReadInt64BigEndian(bytes[16..]),
            Id = new Guid(bytes.Slice(24, 16), bigEndian: true),
            BaseId = new Guid(bytes.Slice(40, 16), bigEndian: true),
            KeyId = BinaryPrimitives.ReadUInt64BigEndian(bytes[56..]),
            Salt = bytes.Slice(64, SaltSize).ToArray(),
        };
        bool isKnown = version != 0 && Enum.IsDefined(header.Kind) && Enum.IsDefined(header.Engine)
            && bytes[12..16].IndexOfAnyExcept((byte)0) < 0 && header.CreatedAt is > 0 and < 253_402_300_800_000_000;
        return isKnown ? header : throw new BackupException(BackupFault.Damaged, "its header is damaged");
    }
}
