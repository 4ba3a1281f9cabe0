using System.CommandLine;
using Iskra.Modules.Dashboards.Pulse;
using Iskra.Platform.Data;
using Iskra.Platform.Events;
using Iskra.Platform.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Modules.Dashboards;

/// <summary>The live pages: Pulse.</summary>
public sealed class DashboardsModule : IModule
{
    /// <inheritdoc/>
    public string Name => "dashboards";

    /// <inheritdoc/>
    public string Description => "Live dashboards: the system's pulse, second by second.";

    /// <inheritdoc/>
    public MigrationSet Migrations => MigrationSet.None;

    /// <inheritdoc/>
    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidatedOptions<PulseOptions>(configuration, PulseOptions.Section);
        services.AddSingleton<DashboardsMetrics>();
        services.AddEventSubscriber<PulseRecent>();
        services.AddSingleton<PulseMeasure>();
        services.AddSingleton<PulseState>();
        services.AddHostedService<PulseSampler>();
    }

    /// <inheritdoc/>
    public void MapEndpoints(IEndpointRouteBuilder endpoints) => PulseEndpoints.Map(endpoints);

    /// <inheritdoc/>
    public IEnumerable<Command> CreateCommands(ICommandHost host) => [];
}
