using Iskra.Platform.Audit;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Security;

/// <summary>Keys, sessions and the check of scopes.</summary>
public static class SecurityRegistration
{
    public static IServiceCollection AddIskraSecurity(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidatedOptions<SecurityOptions>(configuration, SecurityOptions.Section);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<SecurityMetrics>();
        services.AddSingleton<CallerCache>();
        services.AddSingleton(provider => new ApiKeys(
            provider.GetRequiredService<Database>(), provider.GetRequiredService<CallerCache>(), provider.GetRequiredService<AuditLog>(),
                provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Sessions>();
        services.AddSingleton<Authenticator>();
        services.AddSingleton<SignInLimiter>();
        services.AddSingleton<KeyUsage>();
        services.AddHostedService(provider => provider.GetRequiredService<KeyUsage>());
        services.AddSingleton(provider => new AdminKeys(
            provider.GetRequiredService<Database>(),
            provider.GetRequiredService<ApiKeys>(),
            provider.GetRequiredService<IOptions<SecurityOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<AdminKeys>>()));
        return services;
    }

    /// <summary>Checks every endpoint's scope. Comes after routing and before anything that answers.</summary>
    public static void UseIskraSecurity(this IApplicationBuilder app) => app.UseMiddleware<ScopeMiddleware>();
}
