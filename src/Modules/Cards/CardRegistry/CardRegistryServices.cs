using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Modules.Cards.CardRegistry;

/// <summary>The registry's services.</summary>
internal static class CardRegistryServices
{
    public static IServiceCollection AddCardRegistry(this IServiceCollection services) =>
        services.AddSingleton<CardKeyStore>().AddSingleton<CardRegistryStore>();
}
