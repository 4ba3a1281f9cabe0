using System.CommandLine;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Modules.Dashboards;

/// <summary>Live dashboards.</summary>
public sealed class DashboardsModule : IModule
{
    /// <inheritdoc/>
    public string Name => "dashboards";

    /// <inheritdoc/>
    public string Description => "Live dashboards of the whole system.";

    /// <inheritdoc/>
    public MigrationSet Migrations => MigrationSet.None;

    /// <inheritdoc/>
    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
    }

    /// <inheritdoc/>
    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
    }

    /// <inheritdoc/>
    public IEnumerable<Command> CreateCommands(ICommandHost host) => [];
}
