using System.Security.Cryptography;
using System.Text;
using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Platform.Tenancy;

namespace Iskra.Cards.Tests.Ledger;

public sealed class JournalHashTests
{
    private static readonly LedgerAccount Debit = Account(1);
    private static readonly LedgerAccount Credit = Account(2);

    [Fact]
    public void Next_KnownEntry_HashesTheDocumentedBytes()
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes);
        writer.Write(JournalHash.Genesis);
        writer.Write(7L);
        WriteId(writer, 99);
        writer.Write((byte)3);
        WriteId(writer, 1);
        WriteId(writer, 2);
        writer.Write(500L);
        writer.Write(600L);
        writer.Write(5L);
        writer.Write(0);
        writer.Write(42);
        writer.Write(long.MinValue);
        writer.Write(1_234L);
        byte[] reference = Encoding.UTF8.GetBytes("чек");
        writer.Write((ushort)reference.Length);
        writer.Write(reference);

        Assert.Equal(SHA256.HashData(bytes.ToArray()), new JournalHash().Next(JournalHash.Genesis, [Entry()]));
    }

    [Fact]
    public void Next_EntryOfAnotherTenant_NamesTheTenantAfterTheMarkedKind()
    {
        JournalEntry entry = Entry();
        entry.Tenant = new TenantId(0x01020304);
        entry.Reference = null;
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes);
        writer.Write(JournalHash.Genesis);
        writer.Write(7L);
        WriteId(writer, 99);
        writer.Write((byte)(3 | 0x80));
        writer.Write(0x01020304);
        WriteId(writer, 1);
        WriteId(writer, 2);
        writer.Write(500L);
        writer.Write(600L);
        writer.Write(5L);
        writer.Write(0);
        writer.Write(42);
        writer.Write(long.MinValue);
        writer.Write(1_234L);
        writer.Write(ushort.MaxValue);

        Assert.Equal(SHA256.HashData(bytes.ToArray()), new JournalHash().Next(JournalHash.Genesis, [entry]));
    }

    [Fact]
    public void Next_AnyFieldChanged_Differs()
    {
        JournalHash hash = new();
        byte[] original = hash.Next(JournalHash.Genesis, [Entry()]);
        JournalEntry[] changed = [.. Enumerable.Range(0, 10).Select(_ => Entry())];
        changed[0].Sequence++;
        changed[1].Id++;
        changed[2].Kind = TransferKind.VoidPending;
        changed[3].Credit = Debit;
        changed[4].AmountMinor++;
        changed[5].Reference = null;
        changed[6].OccurredAt = 0;
        changed[7].PostedAt++;
        changed[8].ReleasedMinor++;
        changed[9].Tenant = new TenantId(2);
        foreach (JournalEntry entry in changed)
        {
            Assert.NotEqual(original, hash.Next(JournalHash.Genesis, [entry]));
        }

        Assert.NotEqual(original, hash.Next(original, [Entry()]));
    }

    private static JournalEntry Entry() => new()
    {
        Tenant = TenantId.Default,
        Sequence = 7,
        Id = 99,
        Kind = TransferKind.PostPending,
        Debit = Debit,
        Credit = Credit,
        AmountMinor = 500,
        ReleasedMinor = 600,
        PendingSequence = 5,
        Code = 42,
        Reference = "чек",
        PostedAt = 1_234,
    };

    private static LedgerAccount Account(UInt128 id) => new()
    {
        Key = (long)id,
        Tenant = TenantId.Default,
        Id = id,
        Kind = AccountKind.Liability,
        Currency = "RUB",
        Flags = AccountFlags.None,
        OverdraftLimitMinor = 0,
    };

    private static void WriteId(BinaryWriter writer, byte last) => writer.Write([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last]);
}
