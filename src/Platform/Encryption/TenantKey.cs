using System.Security.Cryptography;

namespace Iskra.Platform.Encryption;

/// <summary>An unwrapped tenant key, for as long as it takes to wrap or unwrap a data key.</summary>
internal sealed class TenantKey(int tenant, int version, byte[] key) : IDisposable
{
    public int Tenant => tenant;

    public int Version => version;

    public byte[] WrapDataKey(string subject, int dataVersion, byte[]? share, ReadOnlySpan<byte> dataKey)
    {
        Span<byte> wrapping = stackalloc byte[KeyWrap.KeySizeBytes];
        DeriveWrapping(share, wrapping);
        byte[] wrapped = KeyWrap.Wrap(wrapping, dataKey, Name(subject, dataVersion));
        CryptographicOperations.ZeroMemory(wrapping);
        return wrapped;
    }

    public byte[] UnwrapDataKey(string subject, int dataVersion, byte[]? share, byte[] wrapped)
    {
        Span<byte> wrapping = stackalloc byte[KeyWrap.KeySizeBytes];
        DeriveWrapping(share, wrapping);
        try
        {
            return KeyWrap.Unwrap(wrapping, wrapped, Name(subject, dataVersion));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(wrapping);
        }
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(key);

    /// <summary>The tenant key and the share are both needed; the tenant's own data key has no share.</summary>
    private void DeriveWrapping(byte[]? share, Span<byte> wrapping) =>
        HKDF.DeriveKey(
            HashAlgorithmName.SHA256, key, wrapping, share ?? [], share is null ? "iskra tenant data"u8 : "iskra subject data"u8);

    private byte[] Name(string subject, int dataVersion) =>
        System.Text.Encoding.ASCII.GetBytes($"data-key|{tenant}|{dataVersion}|{subject}");
}
