using System.CommandLine;
using Iskra.Platform.Data;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Platform.Hosting;

/// <summary>
/// One capability of the platform ("Cards", "Dashboards"): its services, endpoints, schema, background work and commands.
/// A module is named once, in the host's list; <c>--roles</c> picks modules by <see cref="Name"/>.
/// </summary>
/// <remarks>Instances are created once per process and hold no state; everything with a lifetime is a service.</remarks>
public interface IModule
{
    /// <summary>The role's name: lower case, one word, stable, as <c>--roles</c> takes it.</summary>
    string Name { get; }

    /// <summary>One English sentence for <c>--help</c> and the start-up banner.</summary>
    string Description { get; }

    /// <summary>The module's numbered SQL files, or <see cref="MigrationSet.None"/>.</summary>
    MigrationSet Migrations { get; }

    /// <summary>Registers services, options and hosted background work.</summary>
    void AddServices(IServiceCollection services, IConfiguration configuration);

    /// <summary>Maps endpoints. Each one states the scope that it needs, or that it is open to anyone.</summary>
    void MapEndpoints(IEndpointRouteBuilder endpoints);

    /// <summary>The module's own commands (<c>iskra cards verify</c>), each with examples in its help.</summary>
    IEnumerable<Command> CreateCommands(ICommandHost host);
}
