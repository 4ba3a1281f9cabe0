using Iskra.Platform.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Sagas;

/// <summary>Registers sagas: who starts them, who drives them, and their definitions.</summary>
public static class SagasRegistration
{
    /// <summary>Registers <see cref="SagaStarter"/> and the runner. Needs the data services and the events.</summary>
    public static IServiceCollection AddIskraSagas(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddValidatedOptions<SagasOptions>(configuration, SagasOptions.Section);
        services.AddSingleton<SagasMetrics>();
        services.AddSingleton<SagaSignal>();
        services.AddSingleton<SagaStore>();
        services.AddSingleton<SagaCatalog>();
        services.AddSingleton<SagaDriver>();
        services.AddSingleton(provider => new SagaStarter(
            provider.GetRequiredService<SagaCatalog>(),
            provider.GetRequiredService<SagaSignal>(),
            provider.GetRequiredService<IOptions<SagasOptions>>().Value,
            provider.GetRequiredService<SagasMetrics>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IHostedService, SagaRunner>();
        return services;
    }

    /// <summary>Registers a definition, made once from the services that its steps need.</summary>
    public static IServiceCollection AddSaga(this IServiceCollection services, Func<IServiceProvider, SagaDefinition> create) =>
        services.AddSingleton(create);
}
