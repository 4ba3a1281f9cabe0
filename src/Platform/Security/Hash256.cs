using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Iskra.Platform.Security;

/// <summary>A SHA-256 hash of a secret, as a key of dictionaries: secrets themselves are never kept.</summary>
internal readonly record struct Hash256(ulong A, ulong B, ulong C, ulong D)
{
    private const int SecretLengthMax = 512;

    /// <summary>Hashes a secret. Secrets here are random, 128 bits and more, so a fast hash without salt is right.</summary>
    internal static Hash256 Of(ReadOnlySpan<char> secret)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(secret.Length, SecretLengthMax);
        Span<byte> text = stackalloc byte[SecretLengthMax * 3];
        int length = Encoding.UTF8.GetBytes(secret, text);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..length], hash);
        CryptographicOperations.ZeroMemory(text[..length]);
        return From(hash);
    }

    /// <summary>Hashes a secret of ASCII alone, up to <paramref name="lengthMax"/> characters; false when it is none. Allocates
    /// nothing.</summary>
    internal static bool TryOfAscii(ReadOnlySpan<char> secret, int lengthMax, out Hash256 hash)
    {
        hash = default;
        if (secret.Length > lengthMax)
        {
            return false;
        }

        Span<byte> text = stackalloc byte[secret.Length];
        if (Ascii.FromUtf16(secret, text, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text, bytes);
        hash = From(bytes);
        return true;
    }

    internal static Hash256 From(ReadOnlySpan<byte> hash) => new(
        BinaryPrimitives.ReadUInt64BigEndian(hash),
        BinaryPrimitives.ReadUInt64BigEndian(hash[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(hash[16..]),
        BinaryPrimitives.ReadUInt64BigEndian(hash[24..]));

    internal byte[] ToArray()
    {
        byte[] bytes = new byte[SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, A);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), B);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(16), C);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(24), D);
        return bytes;
    }

    /// <summary>Compares in a time that doesn't depend on where the difference is.</summary>
    internal bool FixedTimeEquals(Hash256 other) => ((A ^ other.A) | (B ^ other.B) | (C ^ other.C) | (D ^ other.D)) == 0;
}
