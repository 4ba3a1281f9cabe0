using Iskra.Modules.Dashboards.Contracts;
using Iskra.Platform.Realtime;
using Iskra.Platform.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Modules.Dashboards.Pulse;

/// <summary>The pulse as JSON, as an event stream and as a WebSocket: the same frames everywhere.</summary>
internal static class PulseEndpoints
{
    private const string Json = "application/json";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        RealtimeTopic topic = endpoints.ServiceProvider.GetRequiredService<RealtimeHub>().Topic(PulseSampler.TopicName);
        endpoints.MapGet("/v1/dashboards/pulse", Snapshot)
            .WithName("getPulse")
            .WithTags("Dashboards")
            .WithSummary("The system's pulse: the last second, and the fifteen minutes before it.")
            .Produces<PulseSnapshot>(StatusCodes.Status200OK, Json)
            .RequireScope(Scopes.DashboardsRead);
        endpoints.MapTopicStream("/v1/dashboards/pulse/stream", topic, Scopes.DashboardsRead)
            .WithName("streamPulse")
            .WithTags("Dashboards")
            .WithSummary("The pulse as server-sent events named \"pulse\": a snapshot, then one frame a second.")
            .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(PulseFrame), ["text/event-stream"]));
        endpoints.MapTopic("/ws/pulse", topic, Scopes.DashboardsRead);
    }

    // Cached bytes, so that a page that polls costs no serialisation.
    private static FileContentHttpResult Snapshot(HttpContext context, PulseState state)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Bytes(state.SnapshotBytes(), Json);
    }
}
