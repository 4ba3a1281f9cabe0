using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Iskra.Platform.Backup;

/// <summary>Degraded, never unhealthy: a server without a recent backup still serves.</summary>
internal sealed class BackupHealthCheck(BackupService backups) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(backups.IsOverdue ? HealthCheckResult.Degraded("a backup is overdue") : HealthCheckResult.Healthy());
}
