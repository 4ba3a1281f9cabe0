using Iskra.Platform.Redis;
using Iskra.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using System.Diagnostics.Metrics;

namespace Iskra.Bench;

/// <summary>A throwaway Redis of the installed version, and clients of it.</summary>
internal sealed class BenchRedis : IAsyncDisposable
{
    private readonly RedisServer _server;
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly List<RedisClient> _clients = [];

    private BenchRedis(RedisServer server) => _server = server;

    public string Url => _server.Address.ToString();

    public static async Task<BenchRedis> StartAsync() => new(await RedisServer.StartAsync());

    /// <summary>A connected client, as a process of its own would have it.</summary>
    public async Task<RedisClient> ConnectAsync()
    {
        RedisOptions options = new() { CommandTimeout = TimeSpan.FromSeconds(5), QueueMax = 100_000 };
        RedisMetrics metrics = new(_services.GetRequiredService<IMeterFactory>());
        RedisClient client = new(RedisAddress.Parse(Url, out _)!, options, metrics, TimeProvider.System, NullLogger.Instance);
        _clients.Add(client);
        client.Start();
        await client.WaitConnectedAsync();
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (RedisClient client in _clients)
        {
            await client.DisposeAsync();
        }

        await _services.DisposeAsync();
        await _server.DisposeAsync();
    }
}
