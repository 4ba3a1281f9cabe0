using System.Security.Cryptography;
using System.Text;

namespace Iskra.Platform.Encryption;

/// <summary>The root key: it wraps tenants' keys and nothing else. What it shows of itself is derived (HKDF, RFC 5869).</summary>
internal sealed class RootKey : IDisposable
{
    public const int IdSizeBytes = 8;

    private readonly byte[] _wrapping;

    public RootKey(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeyWrap.KeySizeBytes)
        {
            throw new ArgumentException("A root key has 32 bytes.", nameof(key));
        }

        Id = Derive(key, "iskra root id", IdSizeBytes);
        CheckValue = Derive(key, "iskra root check", 32);
        _wrapping = GC.AllocateUninitializedArray<byte>(KeyWrap.KeySizeBytes, pinned: true);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, _wrapping, [], "iskra root wrap"u8);
    }

    /// <summary>Tells root keys apart; says nothing about the key.</summary>
    public byte[] Id { get; }

    /// <summary>Stored in the database: a start with another key is refused.</summary>
    public byte[] CheckValue { get; }

    public string IdText => Convert.ToHexStringLower(Id);

    public byte[] WrapTenantKey(int tenant, int version, ReadOnlySpan<byte> key) => KeyWrap.Wrap(_wrapping, key, Name(tenant, version));

    public byte[] UnwrapTenantKey(int tenant, int version, byte[] wrapped) => KeyWrap.Unwrap(_wrapping, wrapped, Name(tenant, version));

    public void Dispose() => CryptographicOperations.ZeroMemory(_wrapping);

    private static byte[] Name(int tenant, int version) => Encoding.ASCII.GetBytes($"tenant-key|{tenant}|{version}");

    private static byte[] Derive(ReadOnlySpan<byte> key, string purpose, int sizeBytes)
    {
        byte[] derived = new byte[sizeBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, derived, [], Encoding.ASCII.GetBytes(purpose));
        return derived;
    }
}
