using Iskra.Platform.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Cluster;

/// <summary>Registers what processes of one installation need to reach each other.</summary>
public static class ClusterRegistration
{
    public static IServiceCollection AddIskraCluster(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidatedOptions<ClusterOptions>(configuration, ClusterOptions.Section);
        services.AddSingleton<IValidateOptions<ClusterOptions>, ClusterOptionsValidator>();
        services.AddMetrics();
        services.AddSingleton<ClusterMetrics>();
        services.AddSingleton(provider => new NodeAddress(provider.GetRequiredService<IOptions<ClusterOptions>>()));
        services.AddSingleton(provider => new RequestForwarder(
            provider.GetRequiredService<IOptions<ClusterOptions>>(), provider.GetRequiredService<ClusterMetrics>()));
        return services;
    }
}
