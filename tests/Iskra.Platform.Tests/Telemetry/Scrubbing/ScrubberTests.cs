using System.Text.Json;
using Iskra.Platform.Telemetry.Scrubbing;
using Xunit;

namespace Iskra.Platform.Tests.Telemetry.Scrubbing;

public sealed class ScrubberTests
{
    [Theory]
    [InlineData("4111111111111111", "[card …1111]")]
    [InlineData("card 4111 1111 1111 1111.", "card [card …1111].")]
    [InlineData("4111-1111-1111-1111", "[card …1111]")]
    [InlineData("4111\u00A01111\u00A01111\u00A01111", "[card …1111]")]
    [InlineData("378282246310005", "[card …0005]")]
    [InlineData("3782 822463 10005", "[card …0005]")]
    [InlineData("4222222222222", "[card …2222]")]
    [InlineData("6304000000000000000", "[card …0000]")]
    [InlineData("2200000000000004", "[card …0004]")]
    [InlineData("{\"number\":\"4111111111111111\",\"n\":5}", "{\"number\":\"[card …1111]\",\"n\":5}")]
    [InlineData("{\"number\":4111111111111111}", "{\"number\":[card …1111]}")]
    [InlineData("/v1/cards/4111111111111111?q=5555+5555+5555+4444", "/v1/cards/[card …1111]?q=[card …4444]")]
    [InlineData("q=4111%201111%201111%201111&x", "q=[card …1111]&x")]
    [InlineData("PAN4111111111111111END", "PAN[card …1111]END")]
    [InlineData("12 4111111111111111 7", "12 [card …1111] 7")]
    [InlineData("41111111111111111230", "[card …1111]1230")]
    [InlineData("4111111111111111=30121010000", "[card …1111]=30121010000")]
    public void Scrub_CardNumbers_KeepFourDigits(string text, string expected) => Assert.Equal(expected, Scrubber.Scrub(text));

    [Theory]
    [InlineData("isk_Ab12Cd34_0123456789abcdefghijABCDEFGHIJ0123456789abc")]
    [InlineData("isr_Ab12Cd34_0123456789abcdefghijABCDEFGHIJ0123456789abc")]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLXBhcnQ")]
    [InlineData("Bearer a1b2c3d4e5f6")]
    [InlineData("authorization: bearer abcdefghijklmnopqrstuvwxyz")]
    [InlineData("Basic dXNlcjpwYXNzd29yZA==")]
    [InlineData("amqp://iskra:hunter2hunter2@broker:5672/main")]
    [InlineData("postgres://iskra:hunter2hunter2@db/iskra?sslmode=require")]
    [InlineData("redis://:hunter2hunter2@cache:6379")]
    [InlineData("https://hunter2hunter2@example.org/hook")]
    [InlineData("Host=db;Username=iskra;Password=hunter2hunter2;Timeout=5")]
    [InlineData("Host=db;Password='hunter2 hunter2';Timeout=5")]
    [InlineData("{\"password\":\"hunter2hunter2\"}")]
    [InlineData("{\\\"refresh_token\\\": \\\"hunter2hunter2\\\"}")]
    [InlineData("client_secret=hunter2hunter2&scope=a")]
    [InlineData("/v1/x/amqp:%2F%2Fiskra:hunter2hunter2@broker:5672")]
    [InlineData("iskra_session=hunter2hunter2; path=/")]
    [InlineData("ISKRA_ADMIN_KEY=hunter2hunter2")]
    [InlineData("-----BEGIN " + "PRIVATE KEY-----\nhunter2hunter2\n-----END PRIVATE KEY-----")]
    public void Scrub_Secrets_AreGone(string text)
    {
        string clean = Scrubber.Scrub($"before {text} after");
        Assert.Contains(Scrubber.Mask, clean, StringComparison.Ordinal);
        Assert.StartsWith("before ", clean, StringComparison.Ordinal);
        Assert.EndsWith(" after", clean, StringComparison.Ordinal);
        foreach (string secret in new[] { "hunter2", "0123456789abc", "c2lnbmF0", "eyJzdWI", "a1b2c3d4", "abcdefghijklm", "dXNlcjpw" })
        {
            Assert.DoesNotContain(secret, clean, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("Ledger ready at journal sequence 1200000; 0 entries replayed in 41 ms")]
    [InlineData("0190a1b2-c3d4-7e5f-8091-a2b3c4d5e6f7")]
    [InlineData("transfer 01900000-0000-7000-8000-000000000018 of 42000000-4242-4242-8242-424242424242")]
    [InlineData("trace 4242424242424242424242424242424a")]
    [InlineData("took 1732186312170374 µs")]
    [InlineData("4111111111111112")]
    [InlineData("Send the header 'Authorization: Bearer isk_…', or sign in at the web app.")]
    [InlineData("The bearer token was refused; a token is needed.")]
    [InlineData("see https://example.org/a?b=c and mail ops@example.org")]
    [InlineData("http://localhost:5080")]
    [InlineData("{\"token\":null}")]
    public void Scrub_CleanText_IsTheSameInstance(string text) => Assert.Same(text, Scrubber.Scrub(text));

    [Fact]
    public void Scrub_SeveralSecrets_AreAllMasked()
    {
        string clean = Scrubber.Scrub("a 4111111111111111 b password=hunter2 c 5555555555554444 d Bearer a1b2c3d4e5 e");
        Assert.Equal("a [card …1111] b password=[secret] c [card …4444] d Bearer [secret] e", clean);
    }

    [Fact]
    public void Scrub_Null_IsNull() => Assert.Null(Scrubber.Scrub(null));

    /// <summary>Nothing in a text makes the search slow: each character is looked at a bounded number of times.</summary>
    [Theory]
    [InlineData("1 ")]
    [InlineData("4")]
    [InlineData("token=")]
    [InlineData("eyJ.")]
    [InlineData("://a:")]
    [InlineData("42424242-")]
    public void Scrub_HostileText_EndsAndStaysBounded(string part)
    {
        string text = string.Concat(Enumerable.Repeat(part, 50_000));
        Assert.True(Scrubber.Scrub(text).Length <= text.Length * 2);
    }

    [Fact]
    public void Scrub_CleanLine_AllocatesNothing()
    {
        const string Line = "POST /v1/cards/transfers 0190a1b2-c3d4-7e5f-8091-a2b3c4d5e6f7 took 1732186312170374 µs; the token was good";
        Scrubber.Scrub(Line);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < 1_000; round++)
        {
            Scrubber.Scrub(Line);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData("Shop 4111 1111 1111 1111", true)]
    [InlineData("isk_Ab12Cd34_0123456789abcdefghijABCDEFGHIJ0123456789abc", true)]
    [InlineData("Password: the shop", false)]
    [InlineData("Счёт 42", false)]
    public void HoldsCredential_FreeText_KnowsNumbersKeysAndTokens(string text, bool expected) =>
        Assert.Equal(expected, Scrubber.HoldsCredential(text));

    [Fact]
    public void Scrub_RandomNumbersThatPassLuhn_AreAllFound()
    {
        Random random = new(7);
        for (int round = 0; round < 2_000; round++)
        {
            int length = random.Next(13, 20);
            int[] digits = [.. Enumerable.Range(0, length).Select(index => index == 0 ? random.Next(2, 7) : random.Next(10))];
            digits[^1] = 0;
            int sum = Enumerable.Reverse(digits).Select((digit, index) => index % 2 == 0 ? digit : (digit * 2 / 10) + (digit * 2 % 10))
                .Sum();
            digits[^1] = (10 - (sum % 10)) % 10;
            string number = string.Concat(digits);
            string body = JsonSerializer.Serialize(new { note = $"x{number}y", number });
            Assert.DoesNotContain(number, Scrubber.Scrub(body), StringComparison.Ordinal);
        }
    }
}
