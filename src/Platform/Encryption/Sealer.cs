using System.Security.Cryptography;
using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Encryption;

/// <summary>
/// Seals and opens bytes that are no column's value, such as a signing key or a payload, for a tenant, with associated data of the caller's
/// own: it must be given again, the same, to open them. As <see cref="FieldCipher"/> otherwise. Thread-safe.
/// </summary>
public sealed class Sealer
{
    private readonly SealingCore _core;

    internal Sealer(SealingCore core) => _core = core;

    /// <summary>Seals bytes under the subject's key, or the tenant's own.</summary>
    /// <exception cref="SubjectErasedException">The subject's key was destroyed.</exception>
    public async ValueTask<byte[]> SealAsync(
        DbSession session, TenantId tenant, SubjectId? subject, ReadOnlyMemory<byte> plain, ReadOnlyMemory<byte> associatedData)
    {
        byte[] value = new byte[SealedFormat.OverheadBytes + plain.Length];
        DataKey key;
        do
        {
            key = _core.FindCurrent(tenant, subject) ?? await _core.RequireCurrentAsync(session, tenant, subject);
        }
        while (!key.TrySeal(plain.Span, Associated(tenant, key.Version, associatedData.Span), value));

        return value;
    }

    /// <summary>Opens bytes that were sealed for the same tenant with the same associated data.</summary>
    /// <exception cref="CryptographicException">The bytes were changed, or are another tenant's or purpose's.</exception>
    public async ValueTask<OpenedValue> OpenAsync(
        DbSession session, TenantId tenant, ReadOnlyMemory<byte> value, ReadOnlyMemory<byte> associatedData)
    {
        (long keyId, int keyVersion) = SealingCore.ReadKey(value.Span);
        byte[] plain = new byte[value.Length - SealedFormat.OverheadBytes];
        DataKey? key;
        do
        {
            key = _core.Find(tenant, keyId) ?? await _core.FindAsync(session, tenant, keyId);
            if (key is null)
            {
                return OpenedValue.Erased;
            }
        }
        while (!key.TryOpen(value.Span, Associated(tenant, keyVersion, associatedData.Span), plain));

        return new OpenedValue(false, plain);
    }

    private static byte[] Associated(TenantId tenant, int keyVersion, ReadOnlySpan<byte> callers)
    {
        byte[] associated = new byte[SealingCore.HeadSizeBytes + callers.Length];
        callers.CopyTo(associated.AsSpan(SealingCore.WriteHead(associated, SealingPurpose.Bytes, tenant, keyVersion)));
        return associated;
    }
}
