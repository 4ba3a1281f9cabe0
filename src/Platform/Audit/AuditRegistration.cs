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
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<AuditMetrics>();
        services.AddSingleton<AuditSignal>();
        services.AddSingleton(provider => new AuditLog(
            provider.GetRequiredService<FieldCipher>(),
            provider.GetRequiredService<AuditSignal>(),
            provider.GetRequiredService<AuditMetrics>(),
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
