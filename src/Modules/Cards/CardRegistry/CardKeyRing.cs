using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Iskra.Platform.Tenancy;

namespace Iskra.Modules.Cards.CardRegistry;

/// <summary>
/// Several versions of the card keys: the newest one encrypts, older ones still decrypt and still find. Numbers are sealed with
/// AES-256-GCM (NIST SP 800-38D) under a random 96-bit nonce; the card's id is bound in, so that a sealed number moved to another row
/// doesn't open. Thread-safe.
/// </summary>
internal sealed class CardKeyRing
{
    private const byte Format = 1;
    private const int NonceSizeBytes = 12;
    private const int TagSizeBytes = 16;
    private const int HeaderSizeBytes = 1 + sizeof(int);
    private const int OverheadBytes = HeaderSizeBytes + NonceSizeBytes + TagSizeBytes;

    private readonly CardKey[] _keys;

    public CardKeyRing(IEnumerable<CardKey> keys)
    {
        _keys = [.. keys.OrderBy(key => key.Version)];
        if (_keys.Length == 0)
        {
            throw new ArgumentException("A key ring needs a key.", nameof(keys));
        }
    }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<CardKey> Keys => _keys;

    public CardKey Newest => _keys[^1];

    /// <summary>Layout: format (1), key version (4, big-endian), nonce (12), tag (16), the digits.</summary>
    public byte[] Encrypt(TenantId tenant, Guid cardId, string number)
    {
        byte[] plain = Encoding.ASCII.GetBytes(number);
        byte[] output = new byte[OverheadBytes + plain.Length];
        output[0] = Format;
        BinaryPrimitives.WriteInt32BigEndian(output.AsSpan(1), Newest.Version);
        Span<byte> nonce = output.AsSpan(HeaderSizeBytes, NonceSizeBytes);
        RandomNumberGenerator.Fill(nonce);
        using AesGcm aes = new(Newest.Encryption, TagSizeBytes);
        aes.Encrypt(
            nonce,
            plain,
            output.AsSpan(OverheadBytes),
            output.AsSpan(HeaderSizeBytes + NonceSizeBytes, TagSizeBytes),
            AssociatedData(tenant, cardId));
        CryptographicOperations.ZeroMemory(plain);
        return output;
    }

    /// <exception cref="CryptographicException">
    /// The key's version is not in the ring, or the bytes were changed or belong to another card.
    /// </exception>
    public string Decrypt(TenantId tenant, Guid cardId, ReadOnlySpan<byte> sealedNumber)
    {
        if (sealedNumber.Length <= OverheadBytes || sealedNumber[0] != Format)
        {
            throw new CryptographicException("A sealed card number has an unknown form.");
        }

        int version = BinaryPrimitives.ReadInt32BigEndian(sealedNumber[1..]);
        CardKey key = Array.Find(_keys, candidate => candidate.Version == version)
            ?? throw new CryptographicException($"Version {version} of the card keys is not in the ring.");
        byte[] plain = new byte[sealedNumber.Length - OverheadBytes];
        using AesGcm aes = new(key.Encryption, TagSizeBytes);
        aes.Decrypt(
            sealedNumber.Slice(HeaderSizeBytes, NonceSizeBytes),
            sealedNumber[OverheadBytes..],
            sealedNumber.Slice(HeaderSizeBytes + NonceSizeBytes, TagSizeBytes),
            plain,
            AssociatedData(tenant, cardId));
        string number = Encoding.ASCII.GetString(plain);
        CryptographicOperations.ZeroMemory(plain);
        return number;
    }

    /// <summary>
    /// The number's keyed hash under every version, the newest first: a card registered before a rotation is still found. The tenant goes
    /// into it, so that nobody can tell from the stored hashes that two tenants have registered the same card.
    /// </summary>
    public byte[][] LookupHashes(TenantId tenant, string number)
    {
        byte[] plain = Encoding.ASCII.GetBytes(PrefixOf(tenant) + number);
        byte[][] hashes = [.. _keys.Reverse().Select(key => HMACSHA256.HashData(key.Lookup, plain))];
        CryptographicOperations.ZeroMemory(plain);
        return hashes;
    }

    private static byte[] AssociatedData(TenantId tenant, Guid cardId) =>
        [.. Encoding.ASCII.GetBytes(PrefixOf(tenant)), .. "cards_cards|number|"u8, .. cardId.ToByteArray(bigEndian: true)];

    /// <summary>Nothing for the default tenant: its cards were registered before there were others, and are still found.</summary>
    private static string PrefixOf(TenantId tenant) => tenant == TenantId.Default ? "" : $"tenant {tenant}|";
}
