using Iskra.Platform.Hosting;
using Iskra.Platform.Redis;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Limits;

/// <summary>Registers the rate limits and puts them into the pipeline.</summary>
public static class LimitsRegistration
{
    /// <summary>Binds section <c>RateLimits</c>. Counts in Redis when its services are there and it is configured.</summary>
    public static IServiceCollection AddIskraLimits(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidatedOptions<RateLimitOptions>(configuration, RateLimitOptions.Section);
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<RateLimitMetrics>();
        services.TryAddSingleton<RateLimitPolicies>();
        services.TryAddSingleton(provider => new RateLimits(
            provider.GetRequiredService<IOptions<RateLimitOptions>>().Value,
            provider.GetRequiredService<RateLimitMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<SharedRedis>()?.Client));
        return services;
    }

    /// <summary>The limit of each address. Comes before authentication, so that guessing is bounded too.</summary>
    public static void UseIskraAddressLimits(this IApplicationBuilder app) =>
        app.UseMiddleware<RateLimitMiddleware>(RateLimitStage.Address);

    /// <summary>The limits of each key, user and tenant. Comes after authentication.</summary>
    public static void UseIskraCallerLimits(this IApplicationBuilder app) =>
        app.UseMiddleware<RateLimitMiddleware>(RateLimitStage.Caller);
}
