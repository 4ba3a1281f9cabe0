using Iskra.Platform.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Security.Tokens;

/// <summary>
/// Hears the revocations of other replicas, and those of before a restart. An embedded store has one process, so it is read at the start
/// alone.
/// </summary>
internal sealed class RevocationFeed(
    Database database, Revocations revocations, IOptions<TokenOptions> options, TimeProvider time, ILogger<RevocationFeed> logger)
    : BackgroundService
{
    private const int BatchMax = 1000;

    /// <summary>Ids are given before the commit: a row may appear after one with a higher id, but not this much later.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    private readonly HashSet<long> _seen = [];
    private long _from;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await PollAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Applies what is new.</summary>
    internal async Task PollAsync(CancellationToken cancellationToken)
    {
        long after = _from;
        long settled = time.NowMicroseconds() - (Settled.Ticks / TimeSpan.TicksPerMicrosecond);
        while (true)
        {
            IReadOnlyList<RevocationRow> rows = await database.ReadAsync(
                session => session.QueryAsync<RevocationRow>(
                    """
                    select id, tenant_id, kind, subject, created_at, expires_at from security_revocations
                    where id > @After and expires_at > @Now order by id limit @Limit
                    """,
                    new { After = after, Now = time.NowMicroseconds(), Limit = BatchMax }),
                cancellationToken);
            foreach (RevocationRow row in rows)
            {
                if (_seen.Add(row.Id))
                {
                    revocations.Apply(row);
                }

                if (row.CreatedAt < settled)
                {
                    _from = Math.Max(_from, row.Id);
                }
            }

            if (rows.Count < BatchMax)
            {
                break;
            }

            after = rows[^1].Id;
        }

        _seen.RemoveWhere(id => id <= _from);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (database.Engine == DatabaseEngine.Sqlite)
        {
            return;
        }

        using PeriodicTimer timer = new(options.Value.RevocationPollInterval, time);
        bool isFailing = false;
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await PollAsync(stoppingToken);
                    isFailing = false;
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    if (!isFailing)
                    {
                        Log.RevocationsNotRead(logger, exception);
                    }

                    isFailing = true;
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
