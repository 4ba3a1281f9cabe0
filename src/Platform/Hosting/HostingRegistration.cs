using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Hosting;

/// <summary>The HTTP side of the platform: limits, problems, headers, health.</summary>
public static class HostingRegistration
{
    /// <summary>Registers limits, JSON rules, time-outs and health checks.</summary>
    public static IServiceCollection AddIskraHosting(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidatedOptions<LimitsOptions>(configuration, LimitsOptions.Section);
        services.AddValidatedOptions<HttpOptions>(configuration, HttpOptions.Section);
        services.AddMetrics();
        services.AddSingleton<HostingMetrics>();
        services.ConfigureHttpJsonOptions(json => StrictJson.Apply(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddOptions<HostOptions>().Configure<IOptions<LimitsOptions>>((host, limits) =>
            host.ShutdownTimeout = limits.Value.ShutdownTimeout);
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<LimitsOptions>>((kestrel, limits) => Apply(limits.Value, kestrel));
        services.AddRequestTimeouts();
        services.AddOptions<RequestTimeoutOptions>().Configure<IOptions<LimitsOptions>>((timeouts, limits) =>
            timeouts.DefaultPolicy = new RequestTimeoutPolicy
            {
                Timeout = limits.Value.RequestTimeout,
                TimeoutStatusCode = StatusCodes.Status504GatewayTimeout,
                WriteTimeoutResponse = context => Problems.ForStatus(StatusCodes.Status504GatewayTimeout).ExecuteAsync(context),
            });
        services.AddSingleton<StartupState>();
        services.AddHealthChecks()
            .AddCheck<DatabaseHealthCheck>("database", tags: [HealthEndpoints.Ready])
            .AddCheck<StartupHealthCheck>("startup", tags: [HealthEndpoints.Ready]);
        return services;
    }

    /// <summary>
    /// The outer half of the pipeline, in order: problems, headers, host names, routing, time-outs. What follows may rely on routing.
    /// </summary>
    public static void UseIskraHosting(this WebApplication app)
    {
        app.UseProxyHeaders();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<HostAllowList>();
        app.UseStatusCodePages(pages => Problems.ForStatus(pages.HttpContext.Response.StatusCode).ExecuteAsync(pages.HttpContext));
        app.UseRouting();
        app.UseWhen(IsBounded, branch => branch.UseRequestTimeouts());
    }

    private static bool IsBounded(HttpContext context) =>
        !context.Request.Headers.ContainsKey("Upgrade")
        && !context.Request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase);

    private static void Apply(LimitsOptions limits, KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = limits.RequestBodyBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = limits.RequestHeadersBytes;
        kestrel.Limits.MaxRequestHeaderCount = limits.RequestHeaderCount;
        kestrel.Limits.MaxRequestLineSize = limits.RequestLineBytes;
        kestrel.Limits.RequestHeadersTimeout = limits.RequestHeadersTimeout;
        kestrel.Limits.KeepAliveTimeout = limits.KeepAliveTimeout;
        kestrel.Limits.MaxConcurrentConnections = limits.Connections;
        kestrel.Limits.MaxConcurrentUpgradedConnections = limits.UpgradedConnections;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(limits.RequestBytesPerSecondMin, limits.DataRateGrace);
        kestrel.Limits.MinResponseDataRate = new MinDataRate(limits.ResponseBytesPerSecondMin, limits.DataRateGrace);
        kestrel.ConfigureHttpsDefaults(https =>
            https.SslProtocols = System.Security.Authentication.SslProtocols.Tls12 | System.Security.Authentication.SslProtocols.Tls13);
    }
}
