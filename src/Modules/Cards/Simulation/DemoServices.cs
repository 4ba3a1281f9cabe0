using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Modules.Cards.Simulation;

/// <summary>The simulation's services, and what the system page asks of them.</summary>
internal static class DemoServices
{
    public static IServiceCollection AddCardsDemo(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidatedOptions<DemoOptions>(configuration, DemoOptions.Section);
        services.AddSingleton<DemoTraffic>();
        services.AddHostedService(provider => provider.GetRequiredService<DemoTraffic>());
        services.AddSingleton(provider =>
        {
            DemoTraffic traffic = provider.GetRequiredService<DemoTraffic>();
            return new DemoSource(traffic.StatusOf);
        });
        services.AddSingleton(provider => new SystemFact(
            SystemFact.Empty,
            (tenant, cancel) => provider.GetRequiredService<Database>().ReadAsync(
                async session => await session.ScalarAsync<long?>(
                    "select key from cards_accounts where tenant_id = @tenant limit 1", new { tenant = tenant.Value }) is null,
                cancel)));
        return services;
    }
}
