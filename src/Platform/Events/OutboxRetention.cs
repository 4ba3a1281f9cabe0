using Iskra.Platform.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Events;

/// <summary>Deletes old events, and old notes of the inbox, in small transactions, so that writers are never held up for long.</summary>
internal sealed class OutboxRetention : BackgroundService
{
    private readonly Database _database;
    private readonly OutboxStore _store;
    private readonly EventsOptions _options;
    private readonly EventsMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<OutboxRetention> _log;

    public OutboxRetention(EventServices services, ILogger<OutboxRetention> log)
    {
        _database = services.Database;
        _store = services.Outbox;
        _options = services.Options;
        _metrics = services.Metrics;
        _time = services.Time;
        _log = log;
    }

    /// <summary>Deletes all that is due now.</summary>
    internal async Task SweepAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = _time.GetUtcNow();
        int limit = _options.DeleteBatchMax;
        int deleted;
        do
        {
            deleted = await _store.DeleteDeliveredAsync(now - _options.Retention, limit, cancellationToken);
            _metrics.Deleted.Add(deleted);
        }
        while (deleted == limit);

        long inboxBefore = Instants.ToMicroseconds(now - _options.InboxRetention);
        do
        {
            deleted = await _database.WriteAsync(session => InboxStore.DeleteAsync(session, inboxBefore, limit), cancellationToken);
        }
        while (deleted == limit);

        long expired = 0;
        do
        {
            deleted = await _store.DeleteExpiredAsync(now - _options.UndeliveredRetention, limit, cancellationToken);
            expired += deleted;
        }
        while (deleted == limit);

        if (expired > 0)
        {
            _metrics.Expired.Add(expired);
            _log.EventsExpired(expired);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(_options.RetentionInterval, _time);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                await SweepAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                _log.RetentionFailed(exception);
            }
        }
    }
}
