using Iskra.Platform.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Iskra.Platform.Redis;

/// <summary>Registers the client that caching and limits share.</summary>
public static class RedisRegistration
{
    /// <summary>Binds section <c>Redis</c>; without <c>Redis:Url</c> nothing is connected.</summary>
    public static IServiceCollection AddIskraRedis(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidatedOptions<RedisOptions>(configuration, RedisOptions.Section);
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<RedisMetrics>();
        services.TryAddSingleton<SharedRedis>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<SharedRedis>());
        return services;
    }
}
