using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Iskra.Platform.Hosting;

internal sealed class StartupHealthCheck(StartupState state) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(state.Completed ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("starting"));
}
