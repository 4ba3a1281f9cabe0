using System.Buffers.Binary;
using System.Security.Cryptography;
using Iskra.Platform.Data;

namespace Iskra.Platform.Encryption;

/// <summary>
/// Seals and opens values of columns: AES-256-GCM (NIST SP 800-38D) under a random 96-bit nonce, with tenant, table, column, row and key
/// version as associated data, so that a value opens nowhere but where it belongs. With the key in memory a call takes microseconds and
/// completes at once. Thread-safe.
/// </summary>
public sealed class FieldCipher
{
    private const int AddressSizeMax = 192;

    private readonly SealingCore _core;

    internal FieldCipher(SealingCore core) => _core = core;

    /// <summary>Seals a value under the subject's key, or the tenant's own when no one person has rights to the value.</summary>
    /// <param name="session">The caller's: a key that is made for the first time is committed with the caller's change. A read will do once
    /// the key exists.</param>
    /// <param name="address">Where the value will stand.</param>
    /// <param name="subject">Whose data it is; null for the tenant's own.</param>
    /// <param name="plain">Any length; the sealed value has 41 bytes more.</param>
    /// <exception cref="SubjectErasedException">The subject's key was destroyed.</exception>
    public ValueTask<byte[]> SealAsync(DbSession session, FieldAddress address, SubjectId? subject, ReadOnlyMemory<byte> plain)
    {
        DataKey? key = _core.FindCurrent(address.Tenant, subject);
        return key is not null && TrySeal(key, address, plain.Span) is { } value
            ? new ValueTask<byte[]>(value)
            : SealSlowAsync(session, address, subject, plain);
    }

    /// <summary>Opens a value that stood at <paramref name="address"/>.</summary>
    /// <exception cref="CryptographicException">The value was changed, stood elsewhere, or is no sealed value.</exception>
    public ValueTask<OpenedValue> OpenAsync(DbSession session, FieldAddress address, ReadOnlyMemory<byte> value)
    {
        DataKey? key = _core.Find(address.Tenant, SealingCore.ReadKey(value.Span).KeyId);
        return key is not null && TryOpen(key, address, value.Span) is { } plain
            ? new ValueTask<OpenedValue>(new OpenedValue(false, plain))
            : OpenSlowAsync(session, address, value);
    }

    private async ValueTask<byte[]> SealSlowAsync(
        DbSession session, FieldAddress address, SubjectId? subject, ReadOnlyMemory<byte> plain)
    {
        while (true)
        {
            DataKey key = await _core.RequireCurrentAsync(session, address.Tenant, subject);
            if (TrySeal(key, address, plain.Span) is { } value)
            {
                return value;
            }
        }
    }

    private async ValueTask<OpenedValue> OpenSlowAsync(DbSession session, FieldAddress address, ReadOnlyMemory<byte> value)
    {
        while (true)
        {
            DataKey? key = await _core.FindAsync(session, address.Tenant, SealingCore.ReadKey(value.Span).KeyId);
            if (key is null)
            {
                return OpenedValue.Erased;
            }

            if (TryOpen(key, address, value.Span) is { } plain)
            {
                return new OpenedValue(false, plain);
            }
        }
    }

    private static byte[]? TrySeal(DataKey key, FieldAddress address, ReadOnlySpan<byte> plain)
    {
        Span<byte> associated = stackalloc byte[AddressSizeMax];
        byte[] value = GC.AllocateUninitializedArray<byte>(SealedFormat.OverheadBytes + plain.Length);
        return key.TrySeal(plain, associated[..Write(associated, address, key.Version)], value) ? value : null;
    }

    private static byte[]? TryOpen(DataKey key, FieldAddress address, ReadOnlySpan<byte> value)
    {
        Span<byte> associated = stackalloc byte[AddressSizeMax];
        byte[] plain = GC.AllocateUninitializedArray<byte>(value.Length - SealedFormat.OverheadBytes);
        int version = SealingCore.ReadKey(value).KeyVersion;
        return key.TryOpen(value, associated[..Write(associated, address, version)], plain) ? plain : null;
    }

    /// <summary>Purpose, tenant, key version, table, column, row: each of fixed length or with its length before it.</summary>
    private static int Write(Span<byte> buffer, FieldAddress address, int keyVersion)
    {
        int at = SealingCore.WriteHead(buffer, SealingPurpose.Field, address.Tenant, keyVersion);
        ReadOnlySpan<byte> field = address.Field.Encoded;
        field.CopyTo(buffer[at..]);
        at += field.Length;
        BinaryPrimitives.WriteUInt128BigEndian(buffer[at..], address.Row);
        return at + 16;
    }
}
