using System.Buffers.Binary;
using Iskra.Platform.Backup;
using Iskra.Platform.Backup.Archive;
using Iskra.Platform.Data;

namespace Iskra.Platform.Tests.Backup;

/// <summary>Whatever was done to an archive, a verification finds it, and a restore refuses it and leaves nothing.</summary>
public sealed class BrokenArchiveTests : IAsyncLifetime
{
    private const int RandomFlips = 200;
    private const int RandomCuts = 40;

    private BackupWorld? _world;
    private string _full = "";
    private string _differential = "";

    private BackupWorld World => _world!;

    public async ValueTask InitializeAsync()
    {
        _world = await BackupWorld.CreateAsync(DatabaseEngine.Sqlite);
        await World.AddNotesAsync(30_000);
        _full = (await World.BackUpAsync()).Item.Path;
        await World.AddNotesAsync(5_000);
        _differential = (await World.BackUpAsync()).Item.Path;
    }

    public ValueTask DisposeAsync() => World.DisposeAsync();

    [Fact]
    public void Verify_Untouched_IsGood()
    {
        World.Check(_full);
        World.Check(_differential);
        Assert.True(Chunks(File.ReadAllBytes(_full)).Count > 5, "Too few chunks to mean anything.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Verify_OneBitFlipped_IsFound(bool inBase)
    {
        byte[] bytes = File.ReadAllBytes(inBase ? _full : _differential);
        int seed = Random.Shared.Next();
        Random random = new(seed);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");

        // Every byte of the header and the end, and many in between.
        int[] places =
        [
            .. Enumerable.Range(0, ArchiveHeader.Size + 8),
            .. Enumerable.Range(bytes.Length - ArchiveTrailer.Size - 8, ArchiveTrailer.Size + 8),
            .. Enumerable.Range(0, RandomFlips).Select(_ => random.Next(bytes.Length)),
        ];
        foreach (int place in places)
        {
            byte[] changed = [.. bytes];
            changed[place] ^= (byte)(1 << random.Next(8));
            AssertFound(changed, inBase, $"bit flipped at {place}, seed {seed}");
        }
    }

    [Fact]
    public void Verify_CutOff_IsFound()
    {
        byte[] bytes = File.ReadAllBytes(_full);
        Random random = new(7);
        int[] lengths =
        [
            0, 1, ArchiveHeader.Size - 1, ArchiveHeader.Size, ArchiveHeader.Size + ArchiveTrailer.Size, bytes.Length - 1,
            bytes.Length - ArchiveTrailer.Size,
            .. Enumerable.Range(0, RandomCuts).Select(_ => random.Next(bytes.Length)),
        ];
        foreach (int length in lengths)
        {
            AssertFound(bytes[..length], inBase: true, $"cut to {length}");
        }
    }

    [Fact]
    public void Verify_ChunksSwappedDoubledOrLeftOut_IsFound()
    {
        byte[] bytes = File.ReadAllBytes(_full);
        List<byte[]> chunks = Chunks(bytes);
        for (int i = 1; i < chunks.Count - 1; i++)
        {
            List<byte[]> swapped = [.. chunks];
            (swapped[i], swapped[i - 1]) = (swapped[i - 1], swapped[i]);
            AssertFound(Join(bytes, swapped), inBase: true, $"chunks {i - 1} and {i} swapped");
            AssertFound(Join(bytes, [.. chunks[..i], chunks[i - 1], .. chunks[i..]]), inBase: true, $"chunk {i - 1} doubled");
            AssertFound(Join(bytes, [.. chunks[..i], .. chunks[(i + 1)..]]), inBase: true, $"chunk {i} left out");
        }
    }

    [Fact]
    public void Verify_BytesAppended_IsFound() => AssertFound([.. File.ReadAllBytes(_full), 1, 2, 3], inBase: true, "appended");

    [Fact]
    public void Verify_ChunkOfAnotherArchiveWithTheSameKey_IsFound()
    {
        byte[] bytes = File.ReadAllBytes(_full);
        List<byte[]> chunks = Chunks(bytes);
        chunks[0] = Chunks(File.ReadAllBytes(_differential))[0];
        AssertFound(Join(bytes, chunks), inBase: true, "first chunk of another archive");
    }

    [Fact]
    public void Open_OtherKey_SaysSo()
    {
        BackupException fault = Assert.Throws<BackupException>(() => ArchiveChain.Open(_full, ArchiveKey.Create()));

        Assert.Equal(BackupFault.WrongKey, fault.Fault);
        Assert.Contains("another key", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NewerFormat_SaysSo()
    {
        byte[] bytes = File.ReadAllBytes(_full);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(8), ArchiveHeader.VersionNewest + 1);
        File.WriteAllBytes(_full, bytes);

        BackupException fault = Assert.Throws<BackupException>(() => ArchiveChain.Open(_full, World.Key));

        Assert.Equal(BackupFault.NewerFormat, fault.Fault);
    }

    [Fact]
    public void Open_DifferentialWithoutItsBase_SaysSo()
    {
        File.Delete(_full);

        BackupException fault = Assert.Throws<BackupException>(() => ArchiveChain.Open(_differential, World.Key));

        Assert.Equal(BackupFault.Damaged, fault.Fault);
        Assert.Contains("builds on", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_DamagedInTheMiddle_LeavesNothing()
    {
        byte[] bytes = await File.ReadAllBytesAsync(_full, TestContext.Current.CancellationToken);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(_full, bytes, TestContext.Current.CancellationToken);
        DataOptions target = new() { Folder = World["restored"] };

        BackupException fault = await Assert.ThrowsAsync<BackupException>(() => World.RestoreAsync(_differential, target));

        Assert.Equal(BackupFault.Damaged, fault.Fault);
        Assert.False(Directory.Exists(target.Folder));
    }

    /// <summary>The chunks of an archive, each with its length in front, without the trailer.</summary>
    private static List<byte[]> Chunks(byte[] bytes)
    {
        List<byte[]> chunks = [];
        for (int at = ArchiveHeader.Size; at < bytes.Length - ArchiveTrailer.Size;)
        {
            int length = sizeof(uint) + BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));
            chunks.Add(bytes[at..(at + length)]);
            at += length;
        }

        return chunks;
    }

    /// <summary>With a trailer that fits, so that it is the seals that find it.</summary>
    private static byte[] Join(byte[] original, List<byte[]> chunks)
    {
        ReadOnlySpan<byte> end = original.AsSpan(original.Length - ArchiveTrailer.Size);
        Assert.True(ArchiveTrailer.TryParse(end, original.Length, out ArchiveTrailer trailer));
        long indexOffset = ArchiveHeader.Size + chunks.SkipLast(1).Sum(chunk => (long)chunk.Length);
        long length = indexOffset + chunks[^1].Length + ArchiveTrailer.Size;
        ArchiveTrailer fitting = new(length, indexOffset, (uint)chunks.Count - 1, (uint)chunks.Count);
        Assert.Equal(1u, trailer.Chunks - trailer.IndexChunk);
        return [.. original[..ArchiveHeader.Size], .. chunks.SelectMany(chunk => chunk), .. fitting.ToBytes()];
    }

    private void AssertFound(byte[] changed, bool inBase, string what)
    {
        string path = inBase ? _full : _differential;
        byte[] original = File.ReadAllBytes(path);
        try
        {
            File.WriteAllBytes(path, changed);
            try
            {
                World.Check(_differential);
                Assert.Fail($"Not found: {what}.");
            }
            catch (BackupException)
            {
            }
        }
        finally
        {
            File.WriteAllBytes(path, original);
        }
    }
}
