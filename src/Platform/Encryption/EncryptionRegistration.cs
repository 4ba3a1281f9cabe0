using Iskra.Platform.Audit;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Iskra.Platform.Encryption;

/// <summary>Registers the keys and what seals with them.</summary>
public static class EncryptionRegistration
{
    /// <summary>Needs the data services and the audit trail.</summary>
    public static IServiceCollection AddIskraEncryption(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidatedOptions<EncryptionOptions>(configuration, EncryptionOptions.Section);
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddSingleton<EncryptionMetrics>();
        services.AddSingleton<RootKeySource>();
        services.AddSingleton<ErasureShares>();
        services.AddSingleton<RootKeys>();
        services.AddSingleton<TenantKeys>();
        services.AddSingleton<DataKeyCache>();
        services.AddSingleton<DataKeys>();
        services.AddSingleton<SealingCore>();
        services.AddSingleton(provider => new FieldCipher(provider.GetRequiredService<SealingCore>()));
        services.AddSingleton(provider => new Sealer(provider.GetRequiredService<SealingCore>()));
        services.AddSingleton(provider => new SubjectKeys(
            provider.GetRequiredService<Database>(),
            provider.GetRequiredService<ErasureShares>(),
            provider.GetRequiredService<DataKeyCache>(),
            provider.GetRequiredService<AuditLog>(),
            provider.GetRequiredService<EncryptionMetrics>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<KeyRotation>();
        services.AddSingleton(provider => new EncryptionStart(
            provider.GetRequiredService<Database>(),
            provider.GetRequiredService<RootKeys>(),
            provider.GetRequiredService<RootKeySource>(),
            provider.GetRequiredService<DataKeys>(),
            provider.GetRequiredService<SubjectKeys>()));
        return services;
    }
}
