using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Iskra.Platform.Security.Tokens;
using Iskra.Platform.Security.Users;
using Iskra.Platform.Tenancy;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Security;

/// <summary>Tenants, keys, users, sessions, tokens and the check of scopes.</summary>
public static class SecurityRegistration
{
    /// <summary>Needs the data services, encryption and the audit trail.</summary>
    public static IServiceCollection AddIskraSecurity(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidatedOptions<SecurityOptions>(configuration, SecurityOptions.Section);
        services.AddValidatedOptions<PasswordOptions>(configuration, PasswordOptions.Section);
        services.AddValidatedOptions<TokenOptions>(configuration, TokenOptions.Section);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<SecurityMetrics>();
        services.AddSingleton<SecurityAudit>();
        services.AddSingleton<CallerCache>();
        services.AddSingleton<DeniedTokens>();
        services.AddSingleton<Revocations>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<Authenticator>();
        services.AddSingleton<SignInLimiter>();
        services.AddSingleton<KeySignIn>();
        services.AddSingleton<KeyUsage>();
        services.AddHostedService(provider => provider.GetRequiredService<KeyUsage>());
        AddUsers(services);
        AddTokens(services);

        // Public classes with constructors of their own assembly's types: the container finds public constructors alone.
        services.AddSingleton(provider => new ApiKeys(
            provider.GetRequiredService<Database>(),
            provider.GetRequiredService<Revocations>(),
            provider.GetRequiredService<SecurityAudit>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new Tenants(
            provider.GetRequiredService<Database>(),
            provider.GetRequiredService<Revocations>(),
            provider.GetRequiredService<SecurityAudit>(),
            provider.GetRequiredService<TimeProvider>()));
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

    private static void AddUsers(IServiceCollection services)
    {
        services.AddSingleton<UserStore>();
        services.AddSingleton<RoleStore>();
        services.AddSingleton<AccountThrottle>();
        services.AddSingleton<UserSignIn>();
        services.TryAddSingleton<PasswordHasher>();
    }

    private static void AddTokens(IServiceCollection services)
    {
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<AccessTokenReader>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<AccessTokenRevocation>();
        services.AddSingleton<RefreshTokens>();
        services.AddSingleton<TokenGrants>();
        services.AddSingleton<RevocationFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<RevocationFeed>());
        services.AddSingleton<SecurityUpkeep>();
        services.AddHostedService(provider => provider.GetRequiredService<SecurityUpkeep>());
    }
}
