using Iskra.Platform.Security;
using Iskra.Platform.Security.Users;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Tests.Security.Users;

public sealed class PasswordHasherTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Options_Defaults_AreTheDocumentedOnes()
    {
        await using TestSecurity security = await TestSecurity.StartAsync();
        PasswordOptions options = security.Get<IOptions<PasswordOptions>>().Value;
        Assert.Equal(600_000, options.Iterations);
        using PasswordHasher hasher = new(Options.Create(options), security.Get<SecurityMetrics>());
        string text = (await hasher.HashAsync(TestSecurity.Password, Token))!;
        Assert.StartsWith("$pbkdf2-sha256$i=600000$", text, StringComparison.Ordinal);
        Assert.Equal(PasswordCheck.Right, await hasher.CheckAsync(TestSecurity.Password, text, Token));
        Assert.Equal(PasswordCheck.Wrong, await hasher.CheckAsync("another password", text, Token));
    }

    [Fact]
    public void Derive_KnownVector_IsPbkdf2HmacSha256()
    {
        // RFC 7914 §11, whose first 32 bytes are those of the shorter output.
        byte[] salt = [.. "NaCl"u8];
        byte[] expected = Convert.FromHexString("4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56");
        Assert.True(new PasswordHash(80_000, salt, expected).Matches("Password"));
        Assert.False(new PasswordHash(79_999, salt, expected).Matches("Password"));
    }

    [Fact]
    public void Parse_Text_RoundTripsAndRefusesAnythingElse()
    {
        PasswordHash hash = PasswordHash.Create("x", 1_000);
        Assert.True(PasswordHash.Parse(hash.ToText())!.Matches("x"));
        Assert.DoesNotContain(Convert.ToBase64String(hash.Hash), hash.ToString(), StringComparison.Ordinal);
        string[] bad =
        [
            "", "x", "$pbkdf2-sha256$i=0$AA==$AA==", "$pbkdf2-sha512" + hash.ToText()[14..], hash.ToText() + "$", "$scrypt$i=1$a$b",
            hash.ToText().Replace("i=1000", "i=99999999999", StringComparison.Ordinal),
        ];
        Assert.All(bad, text => Assert.Null(PasswordHash.Parse(text)));
        Assert.Null(PasswordHash.Parse(null));
    }

    [Fact]
    public async Task Check_FewerRoundsThanToday_IsRightButWeak()
    {
        await using TestSecurity security = await TestSecurity.StartAsync();
        PasswordHasher hasher = security.Get<PasswordHasher>();
        Assert.Equal(PasswordCheck.RightButWeak, await hasher.CheckAsync("x", PasswordHash.Create("x", 999).ToText(), Token));
        Assert.Equal(PasswordCheck.Wrong, await hasher.CheckAsync("x", null, Token));
    }

    [Fact]
    public async Task Check_MoreThanMayWait_IsBusyAndRecovers()
    {
        await using TestSecurity security = await TestSecurity.StartAsync();
        using PasswordHasher hasher = new(new PasswordOptions { WaitingMax = 2 }, security.Get<SecurityMetrics>(), 200_000);
        string text = PasswordHash.Create("x", 200_000).ToText();
        Task<PasswordCheck>[] checks = [.. Enumerable.Range(0, 10).Select(_ => hasher.CheckAsync("x", text, Token))];
        PasswordCheck[] answers = await Task.WhenAll(checks);
        Assert.Equal([PasswordCheck.Right, PasswordCheck.Right], answers.Where(answer => answer != PasswordCheck.Busy));
        Assert.Equal(PasswordCheck.Right, await hasher.CheckAsync("x", text, Token));
    }
}
