using Iskra.Platform.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Backup;

/// <summary>
/// Calls <see cref="BackupService.RunAsync"/> so often that the newest backup is never older than the interval and the time that one takes.
/// Off unless <see cref="BackupOptions.Schedule"/> says otherwise.
/// </summary>
internal sealed class BackupScheduler(
    BackupService backups, IOptions<BackupOptions> options, IOptions<DataOptions> data, TimeProvider time, ILogger<BackupScheduler> logger)
    : BackgroundService
{
    // A fault may pass (a disk that was full), and until it does no one is safe: so sooner than at the next interval.
    private static readonly TimeSpan RetryDelayMax = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Out of the way of the start.
        await Task.Yield();
        backups.Refresh();
        TimeSpan interval = options.Value.Schedule;
        if (interval <= TimeSpan.Zero)
        {
            return;
        }

        if (Path.GetFullPath(backups.Folder).StartsWith(
            Path.GetFullPath(data.Value.Folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            Log.FolderInside(logger, backups.Folder);
        }

        bool hasFailed = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Next(interval, hasFailed), time, stoppingToken);

                // Another process on the same folder may have been first.
                backups.Refresh();
                hasFailed = Next(interval, hasFailed: false) <= TimeSpan.Zero && !await backups.RunAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                hasFailed = true;
                Log.FailedUnexpectedly(logger, e);
            }
        }
    }

    /// <summary>From one snapshot to the next it is one interval, however long the sealing took.</summary>
    private TimeSpan Next(TimeSpan interval, bool hasFailed)
    {
        if (hasFailed)
        {
            return interval < RetryDelayMax ? interval : RetryDelayMax;
        }

        TimeSpan left = backups.Age is { } age ? interval - age : TimeSpan.Zero;
        return left < TimeSpan.Zero ? TimeSpan.Zero : left > interval ? interval : left;
    }
}
