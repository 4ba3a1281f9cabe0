using Iskra.Platform.Data;
using Iskra.Platform.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Caching;

/// <summary>Chooses how replicas tell each other: Redis, else PostgreSQL, else nobody is there to be told.</summary>
internal sealed class CacheEvents : IHostedService, IAsyncDisposable
{
    private readonly PostgresCacheBus? _postgres;

    public CacheEvents(
        Database database,
        IOptions<CacheOptions> options,
        CacheMetrics metrics,
        TimeProvider time,
        ILogger<Cache> logger,
        IServiceProvider services)
    {
        if (services.GetService<SharedRedis>()?.Client is { } redis)
        {
            Bus = new RedisCacheBus(redis, metrics);
        }
        else if (database.Engine == DatabaseEngine.Postgres && options.Value.PostgresEvents)
        {
            Bus = _postgres = new PostgresCacheBus(database, metrics, time, logger);
        }
    }

    public ICacheBus? Bus { get; }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _postgres?.Start();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }
    }

    public ValueTask DisposeAsync() => _postgres?.DisposeAsync() ?? ValueTask.CompletedTask;
}
