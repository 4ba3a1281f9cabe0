using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Audit;

/// <summary>Links entries as they come. A fault is logged and tried again: nothing that waits is lost, it only waits longer.</summary>
internal sealed class AuditWorker(
    AuditLinker linker, AuditSignal signal, IOptions<AuditOptions> options, TimeProvider time, ILogger<AuditWorker> logger)
    : BackgroundService
{
    /// <summary>An orderly stop leaves no entry without a link and a signature.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await linker.LinkAsync(cancellationToken);
            await linker.CheckpointAllAsync(cancellationToken);
        }
        catch (Exception exception)
        {
            Log.LinkFailed(logger, exception);
        }
    }

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
