using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Iskra.Platform.Tenancy;

namespace Iskra.Modules.Cards.Ledger;

/// <summary>
/// The hash chain over the journal: one SHA-256 per commit over the previous hash and the canonical bytes of every entry. A changed,
/// removed or reordered line breaks the chain from that commit on. Layout: docs/ledger.md.
/// </summary>
internal sealed class JournalHash
{
    private const int FixedBytes = 8 + 16 + 1 + 16 + 16 + (3 * 8) + 4 + 4 + 8 + 8 + 2;

    /// <summary>
    /// Set in the kind's byte of an entry that names its tenant. The default tenant's entries don't: they were written before there were
    /// tenants, and their hashes stay right.
    /// </summary>
    private const byte NamesTenant = 0x80;

    private readonly ArrayBufferWriter<byte> _buffer = new(64 * 1024);

    public static byte[] Genesis { get; } = new byte[SHA256.HashSizeInBytes];

    public byte[] Next(ReadOnlySpan<byte> previous, ReadOnlySpan<JournalEntry> entries)
    {
        _buffer.ResetWrittenCount();
        _buffer.Write(previous);
        foreach (ref readonly JournalEntry entry in entries)
        {
            Write(entry);
        }

        return SHA256.HashData(_buffer.WrittenSpan);
    }

    private void Write(in JournalEntry entry)
    {
        int referenceBytes = entry.Reference is null ? 0 : Encoding.UTF8.GetByteCount(entry.Reference);
        int tenantBytes = entry.Tenant == TenantId.Default ? 0 : sizeof(int);
        Span<byte> span = _buffer.GetSpan(FixedBytes + tenantBytes + referenceBytes);
        BinaryPrimitives.WriteInt64LittleEndian(span, entry.Sequence);
        BinaryPrimitives.WriteUInt128BigEndian(span[8..], entry.Id);
        span[24] = (byte)entry.Kind;
        if (tenantBytes > 0)
        {
            span[24] |= NamesTenant;
            BinaryPrimitives.WriteInt32LittleEndian(span[25..], entry.Tenant.Value);
            span = span[tenantBytes..];
        }

        BinaryPrimitives.WriteUInt128BigEndian(span[25..], entry.Debit.Id);
        BinaryPrimitives.WriteUInt128BigEndian(span[41..], entry.Credit.Id);
        BinaryPrimitives.WriteInt64LittleEndian(span[57..], entry.AmountMinor);
        BinaryPrimitives.WriteInt64LittleEndian(span[65..], entry.ReleasedMinor);
        BinaryPrimitives.WriteInt64LittleEndian(span[73..], entry.PendingSequence);
        BinaryPrimitives.WriteInt32LittleEndian(span[81..], entry.TimeoutSeconds);
        BinaryPrimitives.WriteInt32LittleEndian(span[85..], entry.Code);
        BinaryPrimitives.WriteInt64LittleEndian(span[89..], entry.OccurredAt ?? long.MinValue);
        BinaryPrimitives.WriteInt64LittleEndian(span[97..], entry.PostedAt);

        // 65535 tells "no reference" from an empty one.
        BinaryPrimitives.WriteUInt16LittleEndian(span[105..], entry.Reference is null ? ushort.MaxValue : (ushort)referenceBytes);
        if (referenceBytes > 0)
        {
            Encoding.UTF8.GetBytes(entry.Reference, span[FixedBytes..]);
        }

        _buffer.Advance(FixedBytes + tenantBytes + referenceBytes);
    }
}
