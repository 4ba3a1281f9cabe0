using System.Buffers.Binary;
using System.Security.Cryptography;
using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Encryption;

/// <summary>What <see cref="FieldCipher"/> and <see cref="Sealer"/> share: finding keys, and the head of the associated data.</summary>
internal sealed class SealingCore(DataKeys keys, DataKeyCache cache)
{
    public const int HeadSizeBytes = 9;

    public DataKey? FindCurrent(TenantId tenant, SubjectId? subject) => cache.FindCurrent(tenant, NameOf(subject));

    public DataKey? Find(TenantId tenant, long id) => cache.Find(id) is { } key && key.Tenant == tenant.Value ? key : null;

    public ValueTask<DataKey?> FindAsync(DbSession session, TenantId tenant, long id) => keys.FindAsync(session, tenant, id);

    public async ValueTask<DataKey> RequireCurrentAsync(DbSession session, TenantId tenant, SubjectId? subject) =>
        await keys.CurrentAsync(session, tenant, NameOf(subject)) ?? throw new SubjectErasedException(tenant, subject!.Value);

    /// <exception cref="CryptographicException">The value is no sealed value.</exception>
    public static (long KeyId, int KeyVersion) ReadKey(ReadOnlySpan<byte> value) =>
        SealedFormat.TryReadHeader(value, out long keyId, out int keyVersion)
            ? (keyId, keyVersion)
            : throw new CryptographicException("A sealed value has an unknown form.");

    public static int WriteHead(Span<byte> buffer, SealingPurpose purpose, TenantId tenant, int keyVersion)
    {
        buffer[0] = (byte)purpose;
        BinaryPrimitives.WriteInt32BigEndian(buffer[1..], tenant.Value);
        BinaryPrimitives.WriteInt32BigEndian(buffer[5..], keyVersion);
        return HeadSizeBytes;
    }

    private static string NameOf(SubjectId? subject) => subject is { } some ? some.Value : DataKeys.TenantItself;
}
