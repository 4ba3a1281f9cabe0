using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Redis;

/// <summary>The process's one client, when a server is configured. A server that is away never stops the start.</summary>
internal sealed class SharedRedis : IHostedService, IAsyncDisposable
{
    public SharedRedis(IOptions<RedisOptions> options, RedisMetrics metrics, TimeProvider time, ILogger<RedisClient> logger)
    {
        if (!string.IsNullOrWhiteSpace(options.Value.Url) && RedisAddress.Parse(options.Value.Url, out _) is { } address)
        {
            Client = new RedisClient(address, options.Value, metrics, time, logger);
        }
    }

    /// <summary>Null without a configured server.</summary>
    public RedisClient? Client { get; }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Client?.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => Client?.DisposeAsync() ?? ValueTask.CompletedTask;
}
