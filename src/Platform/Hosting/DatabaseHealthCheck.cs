using Iskra.Platform.Data;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Iskra.Platform.Hosting;

/// <summary>The database answers a trivial read.</summary>
internal sealed class DatabaseHealthCheck(Database database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        int one = await database.ReadAsync(session => session.ScalarAsync<int>("select 1"), cancellationToken);
        return one == 1 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("unexpected answer");
    }
}
