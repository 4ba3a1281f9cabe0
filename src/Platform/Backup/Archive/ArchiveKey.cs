using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Iskra.Platform.Backup.Archive;

/// <summary>
/// The key of backups: 32 random bytes, written as base64. It seals nothing itself: each archive has a key of its own, derived with its
/// salt (HKDF-SHA256, RFC 5869), so that chunk numbers may serve as nonces.
/// </summary>
internal sealed class ArchiveKey
{
    public const int Size = 32;

    private readonly byte[] _bytes;

    private ArchiveKey(byte[] bytes)
    {
        _bytes = bytes;
        Id = BinaryPrimitives.ReadUInt64BigEndian(HMACSHA256.HashData(bytes, "iskra backup key id"u8));
    }

    /// <summary>Tells keys apart without showing anything of them.</summary>
    public ulong Id { get; }

    public static ArchiveKey Create() => new(RandomNumberGenerator.GetBytes(Size));

    /// <summary>Null when the text is no base64 of 32 bytes.</summary>
    public static ArchiveKey? Parse(string text)
    {
        byte[] bytes = new byte[Size + 2];
        return Convert.TryFromBase64String(text.Trim(), bytes, out int written) && written == Size ? new ArchiveKey(bytes[..Size]) : null;
    }

    /// <summary>The secret itself: only for the key file.</summary>
    public string ToBase64() => Convert.ToBase64String(_bytes);

    public AesGcm CreateCipher(ReadOnlySpan<byte> salt)
    {
        Span<byte> derived = stackalloc byte[Size];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _bytes, derived, salt, "iskra backup archive v1"u8);
        AesGcm cipher = new(derived, ChunkSeal.TagSize);
        CryptographicOperations.ZeroMemory(derived);
        return cipher;
    }
}
