using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Iskra.Platform.Audit;

/// <summary>
/// The link of the chain: SHA-256 over the previous entry's hash and all of the entry as it is stored, the sealed details as ciphertext: an
/// erased subject's entries stay part of the chain. Texts carry their length before them; a missing one has the length -1.
/// </summary>
internal static class AuditHash
{
    public const int SizeBytes = 32;

    private const int FixedSizeBytes = SizeBytes + 4 + 8 + 16 + 8 + 4 + 2;

    /// <summary>What a tenant's first entry follows.</summary>
    public static byte[] Genesis(int tenant) => SHA256.HashData(Encoding.ASCII.GetBytes($"iskra audit|{tenant}"));

    public static byte[] Next(byte[] previous, AuditRow row)
    {
        int size = FixedSizeBytes + (4 * sizeof(int)) + Size(row.Actor) + Size(row.Subject) + Size(row.Target) + (row.Details?.Length ?? 0);
        byte[] buffer = new byte[size];
        Span<byte> at = buffer;
        previous.CopyTo(at);
        at = at[SizeBytes..];
        BinaryPrimitives.WriteInt32BigEndian(at, row.TenantId);
        BinaryPrimitives.WriteInt64BigEndian(at[4..], row.Sequence);
        row.Id.TryWriteBytes(at[12..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(at[28..], row.OccurredAt);
        BinaryPrimitives.WriteInt32BigEndian(at[36..], row.Kind);
        BinaryPrimitives.WriteInt16BigEndian(at[40..], (short)row.ActorKind);
        at = Write(at[42..], row.Actor);
        at = Write(at, row.Subject);
        at = Write(at, row.Target);
        BinaryPrimitives.WriteInt32BigEndian(at, row.Details?.Length ?? -1);
        row.Details?.CopyTo(at[sizeof(int)..]);
        return SHA256.HashData(buffer);
    }

    private static int Size(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);

    private static Span<byte> Write(Span<byte> at, string? text)
    {
        int length = text is null ? -1 : Encoding.UTF8.GetBytes(text, at[sizeof(int)..]);
        BinaryPrimitives.WriteInt32BigEndian(at, length);
        return at[(sizeof(int) + Math.Max(length, 0))..];
    }
}
