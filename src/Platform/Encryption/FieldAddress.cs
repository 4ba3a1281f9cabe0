using System.Buffers.Binary;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Encryption;

/// <summary>Where a sealed value belongs: a value that is moved to another tenant, table, column or row doesn't open there.</summary>
/// <param name="Tenant">Whose row it is.</param>
/// <param name="Field">Table and column.</param>
/// <param name="Row">The row's identity, as <see cref="Of(TenantId, FieldName, Guid)"/> and its sister make it.</param>
public readonly record struct FieldAddress(TenantId Tenant, FieldName Field, UInt128 Row)
{
    public static FieldAddress Of(TenantId tenant, FieldName field, Guid row)
    {
        Span<byte> bytes = stackalloc byte[16];
        row.TryWriteBytes(bytes, bigEndian: true, out _);
        return new FieldAddress(tenant, field, BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    public static FieldAddress Of(TenantId tenant, FieldName field, long row) => new(tenant, field, (UInt128)(ulong)row);
}
