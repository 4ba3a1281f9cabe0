using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Iskra.Platform.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Tests.Redis;

/// <summary>Clients of a server, with what they log and count.</summary>
internal sealed class TestRedis : IAsyncDisposable, ILogger
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    private TestRedis(string url, RedisOptions options)
    {
        Metrics = new RedisMetrics(_services.GetRequiredService<IMeterFactory>());
        Client = new RedisClient(RedisAddress.Parse(url, out _)!, options, Metrics, TimeProvider.System, this);
    }

    public RedisClient Client { get; }

    public RedisMetrics Metrics { get; }

    public ConcurrentQueue<string> Lines { get; } = new();

    /// <summary>A client that is under way to its server.</summary>
    public static TestRedis Start(string url, Action<RedisOptions>? configure = null)
    {
        RedisOptions options = new()
        {
            Prefix = $"test:{Guid.CreateVersion7():N}:",
            CommandTimeout = TimeSpan.FromSeconds(20),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            StallTimeout = TimeSpan.FromSeconds(30),
        };
        configure?.Invoke(options);
        TestRedis redis = new(url, options);
        redis.Client.Start();
        return redis;
    }

    /// <summary>A client that is connected.</summary>
    public static async Task<TestRedis> ConnectAsync(string url, Action<RedisOptions>? configure = null)
    {
        TestRedis redis = Start(url, configure);
        await redis.Client.WaitConnectedAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return redis;
    }

    public static async Task<TestRedis> ConnectAsync(Iskra.Testing.RedisServer server, Action<RedisOptions>? configure = null) =>
        await ConnectAsync(server.Address.ToString(), configure);

    /// <summary>Polls; the limit is only there so that a failing test ends.</summary>
    public static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    /// <summary>As above, for a condition that has to ask.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        bool isMet = false;
        for (int round = 0; round < 6_000 && !isMet; round++)
        {
            await Task.Delay(5);
            isMet = await condition();
        }

        Assert.True(isMet, "It did not come about in time.");
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue($"{eventId.Id} {formatter(state, exception)} {exception}");

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _services.DisposeAsync();
    }
}
