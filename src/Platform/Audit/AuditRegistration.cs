using Iskra.Platform.Data;
using Iskra.Platform.Encryption;
using Iskra.Platform.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Iskra.Platform.Audit;

/// <summary>Registers the audit trail.</summary>
public static class AuditRegistration
{
    /// <summary>Needs the data services and encryption.</summary>
    public static IServiceCollection AddIskraAudit(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidatedOptions<AuditOptions>(configuration, AuditOptions.Section);
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<AuditMetrics>();
        services.AddSingleton<AuditSignal>();
        services.AddSingleton(provider => new AuditLog(
            provider.GetRequiredService<FieldCipher>(),
            provider.GetRequiredService<AuditSignal>(),
            provider.GetRequiredService<AuditMetrics>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<AuditSigningKeys>();
        services.AddSingleton<CheckpointFiles>();
        services.AddSingleton<AuditLinker>();
        services.AddSingleton<AuditQueries>();
        services.AddSingleton(provider => new AuditVerifier(
            provider.GetRequiredService<Database>(), provider.GetRequiredService<AuditSigningKeys>()));
        services.AddSingleton<AuditWatch>();
        services.AddHostedService<AuditWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditWatch>());
        return services;
    }

    /// <summary>
    /// Links what waits and signs a checkpoint, as a server does when it stops: for a command that wrote entries without one. Does nothing
    /// when nothing waits.
    /// </summary>
    public static async Task CloseAuditAsync(this IServiceProvider services, CancellationToken cancellationToken)
    {
        AuditLinker linker = services.GetRequiredService<AuditLinker>();
        if (await linker.LinkAsync(cancellationToken) > 0)
        {
            await linker.CheckpointAllAsync(cancellationToken);
        }
    }
}
