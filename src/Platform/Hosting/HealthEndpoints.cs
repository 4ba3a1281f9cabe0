using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Iskra.Platform.Hosting;

/// <summary>What orchestrators ask: is the process alive, may it take requests.</summary>
public static class HealthEndpoints
{
    /// <summary>The tag of checks that readiness waits for. A check's description is public; its exception never is.</summary>
    public const string Ready = "ready";

    /// <summary>Maps <c>/health/live</c> and <c>/health/ready</c>, open to anyone.</summary>
    public static void MapIskraHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapHealthChecks("/health/live", Options(_ => false)).AllowAnonymous();
        endpoints.MapHealthChecks("/health/ready", Options(check => check.Tags.Contains(Ready))).AllowAnonymous();
    }

    private static HealthCheckOptions Options(Func<HealthCheckRegistration, bool> predicate) =>
        new() { Predicate = predicate, ResponseWriter = WriteAsync };

    private static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(
        new HealthDocument(
            Name(report.Status),
            report.Entries.ToDictionary(entry => entry.Key, entry => Name(entry.Value.Status), StringComparer.Ordinal)),
        StrictJson.TypeInfo<HealthDocument>(),
        cancellationToken: context.RequestAborted);

    private static string Name(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "ready",
        HealthStatus.Degraded => "degraded",
        _ => "not-ready",
    };

    private sealed record HealthDocument(string Status, IReadOnlyDictionary<string, string> Checks);
}
