using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Iskra.Platform.Security;
using Iskra.Platform.Security.Tokens;

namespace Iskra.Platform.Tests.Security.Tokens;

/// <summary>Tokens that were changed, or made by someone else with care: none is taken.</summary>
public sealed class AccessTokenFormatTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Find_TenThousandMutations_NoneIsTaken()
    {
        await using TestSecurity security = await TestSecurity.StartAsync();
        string token = await IssueAsync(security);
        Assert.NotNull(await security.FindAsync(token));
        int seed = Random.Shared.Next();
        Random random = new(seed);
        for (int i = 0; i < 10_000; i++)
        {
            string mutated = Mutate(token, random);
            Assert.True(mutated == token || await security.FindAsync(mutated) is null, $"seed {seed}: {mutated}");
        }

        Assert.NotNull(await security.FindAsync(token));
    }

    [Theory]
    [InlineData("""{"alg":"none","typ":"at+jwt","kid":"KID"}""")]
    [InlineData("""{"alg":"ES384","typ":"at+jwt","kid":"KID"}""")]
    [InlineData("""{"alg":"HS256","typ":"at+jwt","kid":"KID"}""")]
    [InlineData("""{"alg":"ES256","typ":"JWT","kid":"KID"}""")]
    [InlineData("""{"alg":"ES256","kid":"KID"}""")]
    [InlineData("""{"alg":"ES256","typ":"at+jwt"}""")]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"another"}""")]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"KID","kid":"KID"}""")]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"KID","jku":"https://evil.example/keys"}""")]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"KID","x5u":"https://evil.example/cert"}""")]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"KID","jwk":{}}""")]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"KID","crit":["exp"]}""")]
    [InlineData("""["ES256"]""")]
    [InlineData("")]
    public async Task Find_HeaderNotOurs_IsRefusedThoughTheSignatureIsRight(string header)
    {
        await using TestSecurity security = await TestSecurity.StartAsync();
        string token = await IssueAsync(security);
        SigningKey key = security.Get<SigningKeys>().Ring.Newest!;
        string payload = token.Split('.')[1];
        string forged = Sign(key, header.Replace("KID", key.Kid, StringComparison.Ordinal), Decode(payload));
        Assert.Null(await security.FindAsync(forged));
        string control = Sign(key, $$"""{"alg":"ES256","typ":"at+jwt","kid":"{{key.Kid}}"}""", Decode(payload));
        Assert.NotNull(await security.FindAsync(control));
    }

    [Theory]
    [InlineData("\"iss\":\"http://localhost:5080\"", "\"iss\":\"http://localhost:5081\"")]
    [InlineData("\"aud\":\"iskra\"", "\"aud\":\"other\"")]
    [InlineData("\"aud\":\"iskra\"", "\"aud\":[\"iskra\"]")]
    [InlineData("\"aud\":\"iskra\",", "")]
    [InlineData("\"sub\":\"key:", "\"sub\":\"user:")]
    [InlineData("\"sub\":\"key:", "\"sub\":\"")]
    [InlineData("\"tenant\":\"default\"", "\"tenant\":\"acme\"")]
    [InlineData("\"tenant\":\"default\"", "\"tenant\":null")]
    [InlineData("\"scope\":\"cards:read\"", "\"scope\":7")]
    [InlineData("\"ver\":0", "\"ver\":0,\"ver\":0")]
    [InlineData("\"ver\":0", "\"ver\":0,\"extra\":1")]
    [InlineData("\"ver\":0", "\"ver\":\"0\"")]
    [InlineData("\"exp\":1767226500", "\"exp\":1767225600")]
    [InlineData("\"exp\":1767226500", "\"exp\":1767312000")]
    [InlineData("\"exp\":1767226500", "\"exp\":1767226500.5")]
    [InlineData("\"exp\":1767226500", "\"exp\":99999999999999999999")]
    [InlineData("\"exp\":1767226500,", "")]
    [InlineData("\"nbf\":1767225600", "\"nbf\":1767225631")]
    [InlineData("\"iat\":1767225600", "\"iat\":1767225700")]
    public async Task Find_ClaimsNotGood_AreRefusedThoughTheSignatureIsRight(string from, string to)
    {
        await using TestSecurity security = await TestSecurity.StartAsync();
        string token = await IssueAsync(security);
        SigningKey key = security.Get<SigningKeys>().Ring.Newest!;
        string[] parts = token.Split('.');
        string payload = Decode(parts[1]);
        Assert.Contains(from, payload, StringComparison.Ordinal);
        Assert.NotNull(await security.FindAsync(Sign(key, Decode(parts[0]), payload)));
        Assert.Null(await security.FindAsync(Sign(key, Decode(parts[0]), payload.Replace(from, to, StringComparison.Ordinal))));
    }

    [Fact]
    public async Task Find_SignedByAnotherKey_IsRefused()
    {
        await using TestSecurity security = await TestSecurity.StartAsync();
        string token = await IssueAsync(security);
        string[] parts = token.Split('.');
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] signature = other.SignData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), HashAlgorithmName.SHA256);
        Assert.Null(await security.FindAsync($"{parts[0]}.{parts[1]}.{Base64Url.EncodeToString(signature)}"));
        Assert.Null(await security.FindAsync($"{parts[0]}.{parts[1]}.{Base64Url.EncodeToString(new byte[64])}"));
        Assert.Null(await security.FindAsync($"{parts[0]}.{parts[1]}."));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("AA", true)]
    [InlineData("AB", false)]
    [InlineData("AAA", true)]
    [InlineData("AAB", false)]
    [InlineData("AAAA", true)]
    [InlineData("A", false)]
    [InlineData("AA==", false)]
    [InlineData("AA ", false)]
    [InlineData("A A", false)]
    [InlineData("AA+/", false)]
    [InlineData("AA-_", true)]
    [InlineData("AAА", false)]
    public void TryDecode_OtherThanCanonical_IsRefused(string text, bool isGood)
    {
        Assert.Equal(isGood, Base64UrlText.TryDecode(text, new byte[8], out int length));
        Assert.True(!isGood || length == text.Length * 3 / 4);
    }

    [Fact]
    public void TryDecode_RandomBytes_ComeBack()
    {
        for (int size = 1; size < 60; size++)
        {
            byte[] bytes = RandomNumberGenerator.GetBytes(size);
            byte[] read = new byte[size];
            Assert.True(Base64UrlText.TryDecode(Base64Url.EncodeToString(bytes), read, out int length));
            Assert.Equal(bytes, read[..length]);
            Assert.False(Base64UrlText.TryDecode(Base64Url.EncodeToString(bytes), read.AsSpan(0, size - 1), out _));
        }
    }

    private static async Task<string> IssueAsync(TestSecurity security)
    {
        NewApiKey key = await security.CreateKeyAsync(Scopes.CardsRead);
        return await security.IssueAsync((await security.FindAsync(key.Key))!);
    }

    private static string Sign(SigningKey key, string header, string payload)
    {
        string text = $"{Encode(header)}.{Encode(payload)}";
        byte[] signature = new byte[SigningKey.SignatureSize];
        Assert.True(key.TrySign(Encoding.ASCII.GetBytes(text), signature));
        return $"{text}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string Decode(string text) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));

    private static string Mutate(string token, Random random)
    {
        int at = random.Next(token.Length);
        const string Characters = "ABCxyz019-_.= \u0430\0{\"+/";
        char c = Characters[random.Next(Characters.Length)];
        string[] parts = token.Split('.');
        return random.Next(12) switch
        {
            0 => token.Remove(at, 1),
            1 => token.Insert(at, c.ToString(CultureInfo.InvariantCulture)),
            2 => token[..at],
            3 => token[at..],
            4 => token + token[..random.Next(token.Length)],
            5 => $"{parts[random.Next(3)]}.{parts[random.Next(3)]}.{parts[random.Next(3)]}",
            6 => $"{parts[0]}.{FlipByte(parts[1], random)}.{parts[2]}",
            7 => $"{FlipByte(parts[0], random)}.{parts[1]}.{parts[2]}",
            8 => $"{parts[0]}.{parts[1]}.{FlipByte(parts[2], random)}",
            9 => $"{parts[0]}.{Encode(RandomText(random))}.{parts[2]}",
            10 => new string(token[at], random.Next(6_000)),
            _ => token[..at] + c + token[(at + 1)..],
        };
    }

    private static string FlipByte(string part, Random random)
    {
        byte[] bytes = Base64Url.DecodeFromChars(part);
        bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
        return Base64Url.EncodeToString(bytes);
    }

    private static string RandomText(Random random)
    {
        byte[] bytes = new byte[random.Next(400)];
        random.NextBytes(bytes);
        return Encoding.Latin1.GetString(bytes);
    }
}
