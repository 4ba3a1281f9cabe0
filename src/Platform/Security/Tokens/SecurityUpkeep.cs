using Iskra.Platform.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Security.Tokens;

/// <summary>Once a minute: the next signing key when it is time; what has ended is removed from the store.</summary>
internal sealed class SecurityUpkeep(
    Database database, SigningKeys signing, DeniedTokens denied, TimeProvider time, ILogger<SecurityUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>What has ended, of all tenants at once; a family takes its tokens with it.</summary>
    private static readonly string[] Ended =
    [
        "delete from security_sessions where expires_at <= @Now",
        "delete from security_refresh_families where expires_at <= @Now",
        "delete from security_refresh_tokens where expires_at <= @Now",
        "delete from security_revocations where expires_at <= @Now",
    ];

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await signing.RefreshAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    internal async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await signing.RefreshAsync(cancellationToken);
        denied.RemoveEnded();
        long now = time.NowMicroseconds();
        await database.WriteAsync(
            async session =>
            {
                foreach (string sql in Ended)
                {
                    await session.ExecuteAsync(sql, new { Now = now });
                }
            },
            cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await RunOnceAsync(stoppingToken);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    Log.UpkeepFailed(logger, exception);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
