using Microsoft.Extensions.Hosting;

namespace Iskra.Platform.Telemetry;

/// <summary>Creates the collector before the server listens: an instrument is only heard from the moment someone listens.</summary>
internal sealed class CollectorStart : IHostedService
{
    // Asking for them is what starts them.
    public CollectorStart(MetricsCollector collector, ProcessSampler process)
    {
        ArgumentNullException.ThrowIfNull(collector);
        ArgumentNullException.ThrowIfNull(process);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
