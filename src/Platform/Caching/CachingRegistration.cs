using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Iskra.Platform.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Caching;

/// <summary>Registers the cache.</summary>
public static class CachingRegistration
{
    /// <summary>Registers <see cref="Cache"/>. Needs the <see cref="Database"/> and, for the second level, Redis's services.</summary>
    public static IServiceCollection AddIskraCaching(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidatedOptions<CacheOptions>(configuration, CacheOptions.Section);
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<CacheMetrics>();
        services.TryAddSingleton<CacheEvents>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<CacheEvents>());
        services.TryAddSingleton(provider => new Cache(
            provider.GetRequiredService<IOptions<CacheOptions>>().Value,
            provider.GetRequiredService<CacheMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Cache>>(),
            provider.GetService<SharedRedis>()?.Client,
            provider.GetRequiredService<CacheEvents>().Bus,
            isShared: provider.GetRequiredService<Database>().Engine == DatabaseEngine.Postgres));
        return services;
    }
}
