using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Iskra.Platform.Backup.Archive;

/// <summary>
/// Seals chunks one after another as STREAM does (Hoang, Reyhanitabar, Rogaway, Vizár: "Online Authenticated-Encryption and its
/// Nonce-Reuse Misuse-Resistance", 2015): AES-256-GCM, the nonce being the chunk's number and a mark on the last one. A chunk that was
/// changed, moved, left out, doubled, or cut off at the end does not open.
/// </summary>
internal sealed class ChunkSeal : IDisposable
{
    public const int TagSize = 16;
    private const int NonceSize = 12;

    private readonly AesGcm _cipher;
    private readonly byte[] _header;

    public ChunkSeal(ArchiveKey key, ArchiveHeader header)
    {
        _header = header.ToBytes();
        _cipher = key.CreateCipher(header.Salt.Span);
    }

    /// <summary><paramref name="sealedChunk"/> is <see cref="TagSize"/> bytes longer than <paramref name="plain"/>.</summary>
    public void Seal(uint number, bool isLast, ReadOnlySpan<byte> plain, Span<byte> sealedChunk)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        WriteNonce(nonce, number, isLast);
        _cipher.Encrypt(nonce, plain, sealedChunk[..plain.Length], sealedChunk[plain.Length..], _header);
    }

    /// <summary>False when the chunk is not what was sealed under this number.</summary>
    public bool TryOpen(uint number, bool isLast, ReadOnlySpan<byte> sealedChunk, Span<byte> plain)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        WriteNonce(nonce, number, isLast);
        try
        {
            _cipher.Decrypt(nonce, sealedChunk[..^TagSize], sealedChunk[^TagSize..], plain, _header);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public void Dispose() => _cipher.Dispose();

    private static void WriteNonce(Span<byte> nonce, uint number, bool isLast)
    {
        nonce.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(nonce[7..], number);
        nonce[11] = isLast ? (byte)1 : (byte)0;
    }
}
