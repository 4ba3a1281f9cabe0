using System.Globalization;
using Iskra.Platform.Hosting;
using Iskra.Platform.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Realtime;

/// <summary>Registers topics and maps them to WebSocket and SSE endpoints.</summary>
public static class RealtimeRegistration
{
    /// <summary>Registers <see cref="RealtimeHub"/>.</summary>
    public static IServiceCollection AddIskraRealtime(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddMetrics();
        services.AddValidatedOptions<RealtimeOptions>(configuration, RealtimeOptions.Section);
        services.AddSingleton<RealtimeMetrics>();
        services.AddSingleton(provider =>
            new RealtimeHub(provider.GetRequiredService<IOptions<RealtimeOptions>>(), provider.GetRequiredService<RealtimeMetrics>()));
        services.AddSingleton<TopicWebSocket>();
        services.AddSingleton<TopicEventStream>();
        return services;
    }

    /// <summary>
    /// Serves a topic over WebSocket: the topic's welcome first, then each frame as a text message. A client that falls behind skips
    /// frames; close code 1001 asks it to connect again.
    /// </summary>
    public static IEndpointConventionBuilder MapTopic(
        this IEndpointRouteBuilder endpoints, string pattern, RealtimeTopic topic, string scope)
    {
        ArgumentNullException.ThrowIfNull(topic);
        RealtimeOptions options = endpoints.ServiceProvider.GetRequiredService<IOptions<RealtimeOptions>>().Value;
        TopicWebSocket server = endpoints.ServiceProvider.GetRequiredService<TopicWebSocket>();
        IApplicationBuilder pipeline = endpoints.CreateApplicationBuilder();
        pipeline.UseWebSockets(new WebSocketOptions
        {
            KeepAliveInterval = options.KeepAliveInterval,
            KeepAliveTimeout = options.KeepAliveTimeout,
        });
        pipeline.Run(context => server.ServeAsync(context, topic));

        // GET opens a WebSocket over HTTP/1.1, CONNECT over HTTP/2.
        return endpoints.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Connect], pipeline.Build())
            .DisableRequestTimeout()
            .ExcludeFromDescription()
            .RequireScope(scope);
    }

    /// <summary>Serves a topic as server-sent events, each named after the topic.</summary>
    public static IEndpointConventionBuilder MapTopicStream(
        this IEndpointRouteBuilder endpoints, string pattern, RealtimeTopic topic, string scope)
    {
        ArgumentNullException.ThrowIfNull(topic);
        TopicEventStream server = endpoints.ServiceProvider.GetRequiredService<TopicEventStream>();

        // Not as a RequestDelegate: that would leave it out of the OpenAPI document.
        Delegate serve = (HttpContext context) => server.ServeAsync(context, topic);
        return endpoints.MapGet(pattern, serve)
            .DisableRequestTimeout()
            .RequireScope(scope);
    }

    /// <summary>503: the topic has as many connections as it may; the client is told when to come back, at different moments.</summary>
    internal static void RefuseFull(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = Random.Shared.Next(5, 15).ToString(CultureInfo.InvariantCulture);
    }
}
