using System.Collections.Concurrent;
using Iskra.Platform.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Security;

/// <summary>Remembers when keys were used and writes it once in an interval, all keys in one transaction.</summary>
internal sealed class KeyUsage(Database database, IOptions<SecurityOptions> options, TimeProvider time, ILogger<KeyUsage> logger)
    : BackgroundService
{
    private readonly ConcurrentDictionary<Guid, long> _used = new();

    /// <summary>The key was used now. Costs a dictionary write, and nothing but a look-up within the same second.</summary>
    internal void Touch(Guid keyId)
    {
        long now = time.NowMicroseconds();
        if (_used.TryGetValue(keyId, out long last) && now - last < 1_000_000)
        {
            return;
        }

        _used[keyId] = now;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync(cancellationToken);
    }

    internal async Task FlushAsync(CancellationToken cancellationToken)
    {
        KeyValuePair<Guid, long>[] used = [.. _used];
        if (used.Length == 0)
        {
            return;
        }

        try
        {
            await database.WriteAsync(
                async session =>
                {
                    foreach ((Guid id, long at) in used)
                    {
                        await session.ExecuteAsync("update security_keys set last_used_at = @At where id = @Id", new { Id = id, At = at });
                    }
                },
                cancellationToken);
            foreach (KeyValuePair<Guid, long> pair in used)
            {
                // Removes the pair only when it still holds this value: a later use is kept for the next time.
                _used.TryRemove(pair);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.LastUseNotWritten(logger, exception);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(options.Value.LastUsedInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await FlushAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
