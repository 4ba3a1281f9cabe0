using Iskra.Platform.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Iskra.Platform.Events;

/// <summary>Registers the outbox, its dispatcher and subscribers.</summary>
public static class EventsRegistration
{
    /// <summary>
    /// Registers <see cref="OutboxWriter"/> and the delivery to every <see cref="IEventSubscriber"/>. Needs the data services.
    /// </summary>
    public static IServiceCollection AddIskraEvents(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddValidatedOptions<EventsOptions>(configuration, EventsOptions.Section);
        services.AddSingleton<EventSignal>();
        services.AddSingleton<EventsMetrics>();
        services.AddSingleton<OutboxStore>();
        services.AddSingleton<CursorStore>();
        services.AddSingleton<ParkedStore>();
        services.AddSingleton<EventServices>();
        services.AddSingleton<BrokerConnection>();
        services.AddSingleton<EventsAdmin>();
        services.AddSingleton(provider => new OutboxWriter(
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<EventSignal>(),
            provider.GetRequiredService<EventsMetrics>()));
        services.AddSingleton<IHostedService, EventDispatcher>();
        services.AddSingleton<IHostedService, OutboxRetention>();
        services.AddSingleton<IHostedService, OutboxPublisher>();
        if (!string.IsNullOrWhiteSpace(configuration[$"{EventsOptions.Section}:{nameof(EventsOptions.Broker)}"]))
        {
            services.AddHealthChecks().AddCheck<BrokerHealthCheck>("broker", tags: [HealthEndpoints.Ready]);
        }

        return services;
    }

    /// <summary>Registers a subscriber as a singleton.</summary>
    public static IServiceCollection AddEventSubscriber<T>(this IServiceCollection services)
        where T : class, IEventSubscriber
    {
        services.TryAddSingleton<T>();
        return services.AddSingleton<IEventSubscriber>(provider => provider.GetRequiredService<T>());
    }
}
