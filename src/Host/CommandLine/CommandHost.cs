using System.CommandLine;
using Iskra.Platform.Audit;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Iskra.Platform.Security;
using Iskra.Platform.Telemetry;

namespace Iskra.Host.CommandLine;

/// <summary>Runs a command against the same services as the server's, without its endpoints and its background work.</summary>
internal sealed class CommandHost(IReadOnlyList<IModule> modules) : ICommandHost
{
    public async Task<int> RunAsync(
        ParseResult command, StoreAccess access, Func<IServiceProvider, CancellationToken, Task<int>> body,
            CancellationToken cancellationToken)
    {
        IConfigurationRoot configuration = HostConfiguration.Build(command, Environment.GetEnvironmentVariables());
        DatabaseHolder holder = new();
        ServiceCollection services = new();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddLogging(logging =>
        {
            logging.SetMinimumLevel(LogLevel.Warning);
            logging.AddIskraLogging(Composition.LogFormat(configuration));
        });
        Composition.AddPlatform(services, configuration, holder);
        foreach (IModule module in modules)
        {
            module.AddServices(services, configuration);
            services.AddSingleton(module.Migrations);
        }

        using ConsoleCancellation cancellation = new(cancellationToken);
        Composition.Validate(services);
        await using ServiceProvider provider = services.BuildServiceProvider();
        if (access == StoreAccess.None)
        {
            return await body(provider, cancellation.Token);
        }

        await using Database database = await Composition.OpenDatabaseAsync(provider, configuration, modules, access, cancellation.Token);
        holder.Database = database;
        int result = await body(provider, cancellation.Token);
        if (access == StoreAccess.Exclusive)
        {
            await provider.CloseAuditAsync(cancellation.Token);
        }

        return result;
    }
}
