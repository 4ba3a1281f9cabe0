using Iskra.Platform.Redis;

namespace Iskra.Platform.Tests.Redis;

public sealed class RedisAddressTests
{
    [Fact]
    public void Parse_EveryPart_IsRead()
    {
        RedisAddress address = RedisAddress.Parse("rediss://app:p%40ss%2F@cache.example:6380/3", out _)!;
        Assert.True(address.IsTls);
        Assert.Equal(("app", "p@ss/"), (address.User, address.Password));
        Assert.Equal(("cache.example", 6380, 3), (address.Host, address.Port, address.Database));
        Assert.Equal("cache.example:6380/3", address.ToString());
    }

    [Theory]
    [InlineData("redis://localhost", "localhost", 6379, null)]
    [InlineData("redis://:secret@localhost:7000", "localhost", 7000, "secret")]
    [InlineData("redis://secret@[::1]:7000/0", "::1", 7000, "secret")]
    public void Parse_ShortForms_HaveDefaults(string text, string host, int port, string? password)
    {
        RedisAddress address = RedisAddress.Parse(text, out _)!;
        Assert.Equal((host, port, password, null), (address.Host, address.Port, address.Password, address.User));
    }

    [Theory]
    [InlineData("http://secret@localhost")]
    [InlineData("secret")]
    [InlineData("redis://:secret@")]
    [InlineData("redis://:secret@host:0")]
    [InlineData("redis://:secret@host:port")]
    [InlineData("redis://:secret@host/-1")]
    [InlineData("redis://:secret@host/9999")]
    [InlineData("redis://:se/secret@host")]
    [InlineData("redis://:se?secret@host")]
    public void Parse_Unreadable_NamesTheFaultAndNotTheText(string text)
    {
        Assert.Null(RedisAddress.Parse(text, out string fault));
        Assert.NotEmpty(fault);
        Assert.DoesNotContain("secret", fault, StringComparison.Ordinal);
    }
}
