using Iskra.Platform.Audit;
using Iskra.Platform.Backup;
using Iskra.Platform.Caching;
using Iskra.Platform.Cluster;
using Iskra.Platform.Data;
using Iskra.Platform.Encryption;
using Iskra.Platform.Events;
using Iskra.Platform.Hosting;
using Iskra.Platform.Jobs;
using Iskra.Platform.Limits;
using Iskra.Platform.Realtime;
using Iskra.Platform.Redis;
using Iskra.Platform.Sagas;
using Iskra.Platform.Security;
using Iskra.Platform.Telemetry;
using Microsoft.Extensions.Options;

namespace Iskra.Host;

/// <summary>The platform's parts, for the server and for commands.</summary>
internal static class Composition
{
    public static void AddPlatform(IServiceCollection services, IConfiguration configuration, DatabaseHolder holder)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(_ => holder.Database ?? throw new InvalidOperationException("The database isn't open yet."));
        services.AddIskraData(configuration);
        services.AddIskraTelemetry(configuration);
        services.AddIskraHosting(configuration);
        services.AddIskraSecurity(configuration);
        services.AddIskraEncryption(configuration);
        services.AddIskraAudit(configuration);
        services.AddIskraEvents(configuration);
        services.AddIskraSagas(configuration);
        services.AddIskraJobs(configuration);
        services.AddIskraRealtime(configuration);
        services.AddIskraCluster(configuration);
        services.AddIskraBackup(configuration);
        services.AddIskraRedis(configuration);
        services.AddIskraCaching(configuration);
        services.AddIskraLimits(configuration);
    }

    /// <summary>
    /// Checks all options, with services of its own: building the application already uses some of them, and would report those alone.
    /// </summary>
    public static void Validate(IServiceCollection services)
    {
        using ServiceProvider provider = services.BuildServiceProvider();
        provider.GetService<IStartupValidator>()?.Validate();
    }

    public static Task<Database> OpenDatabaseAsync(
        IServiceProvider services, IConfiguration configuration, IEnumerable<IModule> modules, StoreAccess access,
            CancellationToken cancellationToken) =>
        Database.OpenAsync(
            DataRegistration.ReadOptions(configuration),
            modules.Select(module => module.Migrations),
            access,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILoggerFactory>(),
            cancellationToken);

    /// <summary>Text for a person at a terminal, JSON for whatever collects logs.</summary>
    public static string LogFormat(IConfiguration configuration) =>
        configuration["LogFormat"] ?? (Console.IsErrorRedirected ? "json" : "text");
}
