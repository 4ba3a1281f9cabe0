using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Iskra.Platform.Events;

/// <summary>A broker that is away degrades the process and does not end it: events wait in the outbox, and requests are served.</summary>
internal sealed class BrokerHealthCheck(BrokerConnection broker) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(broker.IsConnected
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded("the broker is away; events wait in the outbox"));
}
