using System.Security.Cryptography;
using Iskra.Modules.Cards.CardRegistry;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Iskra.Platform.Tenancy;
using Iskra.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Iskra.Cards.Tests.CardRegistry;

public sealed class CardKeyRingTests
{
    private const string Number = "4111111111111111";

    [Fact]
    public void Decrypt_SameCard_GivesTheNumberBack()
    {
        Guid id = Guid.CreateVersion7();
        CardKeyRing ring = new([Key(1)]);
        byte[] first = ring.Encrypt(TenantId.Default, id, Number);
        Assert.Equal(Number, ring.Decrypt(TenantId.Default, id, first));
        Assert.NotEqual(first, ring.Encrypt(TenantId.Default, id, Number));
    }

    [Fact]
    public void Decrypt_OtherCardOrChangedByte_Fails()
    {
        Guid id = Guid.CreateVersion7();
        CardKeyRing ring = new([Key(1)]);
        byte[] sealedNumber = ring.Encrypt(TenantId.Default, id, Number);
        Assert.ThrowsAny<CryptographicException>(() => ring.Decrypt(TenantId.Default, Guid.CreateVersion7(), sealedNumber));
        for (int index = 0; index < sealedNumber.Length; index++)
        {
            byte[] changed = [.. sealedNumber];
            changed[index] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => ring.Decrypt(TenantId.Default, id, changed));
        }
    }

    [Fact]
    public void Rotation_OldNumbers_StillOpenAndAreStillFound()
    {
        Guid id = Guid.CreateVersion7();
        CardKey old = Key(1);
        CardKeyRing before = new([old]);
        CardKeyRing after = new([Key(2), old]);
        Assert.Equal(2, after.Newest.Version);
        Assert.Equal(Number, after.Decrypt(TenantId.Default, id, before.Encrypt(TenantId.Default, id, Number)));
        Assert.Contains(
            after.LookupHashes(TenantId.Default, Number),
            hash => hash.SequenceEqual(before.LookupHashes(TenantId.Default, Number)[0]));
        Assert.ThrowsAny<CryptographicException>(() => before.Decrypt(TenantId.Default, id, after.Encrypt(TenantId.Default, id, Number)));
    }

    [Theory]
    [InlineData("1:AAAA")]
    [InlineData("0:{0}")]
    [InlineData("x")]
    [InlineData("1:{0},1:{0}")]
    [InlineData("{{\"keys\":[]}}")]
    [InlineData("{{\"keys\":[{{\"version\":1,\"encryption\":\"AAAA\",\"lookup\":\"AAAA\"}}]}}")]
    [InlineData("{{not json")]
    public void Parse_WrongText_NamesTheSourceAndNoKey(string form)
    {
        string secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));
        string text = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, secret);
        StartupException fault = Assert.Throws<StartupException>(() => CardKeyText.Parse(text, "ISKRA_CARD_KEYS"));
        Assert.Contains("ISKRA_CARD_KEYS", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_ListAndJson_GiveTheSameRing()
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(64);
        CardKeyRing list = CardKeyText.Parse($"7:{Convert.ToBase64String(bytes)}", "test");
        CardKeyRing json = CardKeyText.Parse(CardKeyText.ToJson(list), "test");
        Assert.Equal(bytes[..32], json.Newest.Encryption);
        Assert.Equal(bytes[32..], json.Newest.Lookup);
        Assert.Equal(7, json.Newest.Version);
    }

    [Fact]
    public void Ring_NoFile_IsMadeForItsOwnerOnlyAndKept()
    {
        using TestFolder folder = new();
        byte[] made = Store(folder).Ring.Newest.Encryption;
        string path = Path.Combine(folder.FullPath, "keys", "cards.json");
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }

        Assert.Equal(made, Store(folder).Ring.Newest.Encryption);
        Assert.Equal(2, Store(folder).Rotate().Newest.Version);
        Assert.Equal([1, 2], Store(folder).Ring.Keys.Select(key => key.Version));
        Assert.Single(Directory.GetFiles(Path.Combine(folder.FullPath, "keys")));
    }

    [Fact]
    public void Rotate_KeysFromEnvironment_IsRefused()
    {
        using TestFolder folder = new();
        CardKeyStore store = Store(folder, $"1:{Convert.ToBase64String(new byte[64])}");
        Assert.Equal(1, store.Ring.Newest.Version);
        Assert.Throws<StartupException>(store.Rotate);
        Assert.False(Directory.Exists(Path.Combine(folder.FullPath, "keys")));
    }

    internal static CardKeyStore Store(TestFolder folder, string? given = null) => new(
        new ConfigurationBuilder().AddInMemoryCollection([new(CardKeyStore.Variable, given)]).Build(),
        Options.Create(new DataOptions { Folder = folder.FullPath }),
        new TestTimeProvider());

    private static CardKey Key(int version) =>
        new(version, RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32), null);
}
