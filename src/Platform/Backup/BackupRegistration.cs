using Iskra.Platform.Data;
using Iskra.Platform.Events;
using Iskra.Platform.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Backup;

/// <summary>
/// Backup, verification and restore. A module adds to them with singletons: <see cref="BackupPath"/>, <see cref="BackupExclusion"/>,
/// <see cref="BackupHead"/>, <see cref="Verification"/>.
/// </summary>
public static class BackupRegistration
{
    /// <summary>Registers the services and the schedule. Needs data, events and health checks.</summary>
    public static IServiceCollection AddIskraBackup(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidatedOptions<BackupOptions>(configuration, BackupOptions.Section);
        services.AddSingleton(new BackupHead("events.outbox", "events_outbox", "select coalesce(max(id), 0) from events_outbox"));
        services.AddSingleton<BackupMetrics>();
        services.AddSingleton<BackupKeys>();
        services.AddSingleton<BackupCreator>();
        services.AddSingleton<BackupVerifier>();
        services.AddSingleton(provider => new BackupService(
            provider.GetRequiredService<BackupCreator>(),
            provider.GetRequiredService<IOptions<BackupOptions>>(),
            provider.GetRequiredService<BackupKeys>(),
            provider.GetRequiredService<BackupMetrics>(),
            provider.GetRequiredService<Database>(),
            provider.GetRequiredService<OutboxWriter>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<BackupService>>()));
        services.AddHostedService<BackupScheduler>();
        services.AddHealthChecks().AddCheck<BackupHealthCheck>("backup", HealthStatus.Degraded, [HealthEndpoints.Ready]);
        return services;
    }
}
