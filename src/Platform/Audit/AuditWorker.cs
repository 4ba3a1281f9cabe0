using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Audit;

/// <summary>Links entries as they come. A fault is logged and tried again: nothing that waits is lost, it only waits longer.</summary>
internal sealed class AuditWorker(
    AuditLinker linker, AuditSignal signal, IOptions<AuditOptions> options, TimeProvider time, ILogger<AuditWorker> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await signal.WaitAsync(options.Value.LinkInterval, time, stoppingToken);
                await linker.LinkAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Log.LinkFailed(logger, exception);
                await Task.Delay(options.Value.LinkInterval, time, CancellationToken.None);
            }
        }
    }
}
