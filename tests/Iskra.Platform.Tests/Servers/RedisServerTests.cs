using Iskra.Testing;
using Xunit;

namespace Iskra.Platform.Tests.Servers;

/// <summary>That the tests' own Redis is a real one, and dies and comes back when it is told to.</summary>
public sealed class RedisServerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Shared_Ping_Answers()
    {
        Requirement.Redis();

        RedisServer redis = await RedisServer.SharedAsync();

        Assert.Equal("PONG", await redis.ExecuteAsync(Cancellation, "PING"));
        Assert.Same(redis, await RedisServer.SharedAsync());
    }

    [Fact]
    public async Task Restart_AfterAKill_IsEmptyOnTheSamePort()
    {
        Requirement.Redis();
        await using RedisServer redis = await RedisServer.StartAsync();
        int port = redis.Port;
        await redis.ExecuteAsync(Cancellation, "SET", "key", "value with spaces");
        Assert.Equal("value with spaces", await redis.ExecuteAsync(Cancellation, "GET", "key"));

        await redis.KillAsync();
        bool isOpenWhileDead = await LoopbackPort.IsOpenAsync(port, Cancellation);
        await redis.RestartAsync();

        Assert.False(isOpenWhileDead);
        Assert.Equal(port, redis.Port);
        Assert.Null(await redis.ExecuteAsync(Cancellation, "GET", "key"));
    }

    [Fact]
    public async Task Start_WithPasswordAndTls_TakesOnlyThat()
    {
        Requirement.Redis();
        await using RedisServer redis = await RedisServer.StartAsync("p@ss word", isTls: true);

        Assert.Equal($"rediss://:p%40ss%20word@127.0.0.1:{redis.Port}/", redis.Address.AbsoluteUri);
        Assert.Equal("PONG", await redis.ExecuteAsync(Cancellation, "PING"));
        Assert.Equal("p@ss word", await redis.ExecuteAsync(Cancellation, "ECHO", redis.Password!));
        Assert.StartsWith("WRONGPASS", await redis.ExecuteAsync(Cancellation, "AUTH", "another"), StringComparison.Ordinal);
    }
}
