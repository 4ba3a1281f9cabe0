using System.Security.Cryptography;

namespace Iskra.Platform.Encryption;

/// <summary>
/// One key under another: format (1 byte, 1), nonce (12), tag (16), the key. AES-256-GCM (NIST SP 800-38D); the associated data says which
/// key it is, so that two wrapped keys can't be exchanged.
/// </summary>
internal static class KeyWrap
{
    public const int KeySizeBytes = 32;
    public const int WrappedSizeBytes = 1 + SealedFormat.NonceSizeBytes + SealedFormat.TagSizeBytes + KeySizeBytes;

    private const byte Format = 1;

    public static byte[] Wrap(ReadOnlySpan<byte> wrappingKey, ReadOnlySpan<byte> key, ReadOnlySpan<byte> associatedData)
    {
        byte[] wrapped = new byte[WrappedSizeBytes];
        wrapped[0] = Format;
        Span<byte> nonce = wrapped.AsSpan(1, SealedFormat.NonceSizeBytes);
        RandomNumberGenerator.Fill(nonce);
        using AesGcm aes = new(wrappingKey, SealedFormat.TagSizeBytes);
        aes.Encrypt(nonce, key, wrapped.AsSpan(^KeySizeBytes..), Tag(wrapped), associatedData);
        return wrapped;
    }

    /// <exception cref="CryptographicException">The wrapping key is another one, or the bytes were changed or are another
    /// key's.</exception>
    public static byte[] Unwrap(ReadOnlySpan<byte> wrappingKey, byte[] wrapped, ReadOnlySpan<byte> associatedData)
    {
        if (wrapped.Length != WrappedSizeBytes || wrapped[0] != Format)
        {
            throw new CryptographicException("A wrapped key has an unknown form.");
        }

        byte[] key = GC.AllocateUninitializedArray<byte>(KeySizeBytes, pinned: true);
        using AesGcm aes = new(wrappingKey, SealedFormat.TagSizeBytes);
        aes.Decrypt(wrapped.AsSpan(1, SealedFormat.NonceSizeBytes), wrapped.AsSpan(^KeySizeBytes..), Tag(wrapped), key, associatedData);
        return key;
    }

    /// <summary>A new random key, pinned: the collector leaves no copies of it behind.</summary>
    public static byte[] NewKey()
    {
        byte[] key = GC.AllocateUninitializedArray<byte>(KeySizeBytes, pinned: true);
        RandomNumberGenerator.Fill(key);
        return key;
    }

    private static Span<byte> Tag(byte[] wrapped) => wrapped.AsSpan(1 + SealedFormat.NonceSizeBytes, SealedFormat.TagSizeBytes);
}
