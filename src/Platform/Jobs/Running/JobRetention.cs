using Iskra.Platform.Data;
using Iskra.Platform.Jobs.Storage;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Jobs.Running;

/// <summary>Removes ended jobs with their results, and idempotency keys, in small transactions or whole partitions.</summary>
internal sealed class JobRetention
{
    private readonly Database _database;
    private readonly JobClock _clock;
    private readonly JobsOptions _options;

    public JobRetention(Database database, JobClock clock, IOptions<JobsOptions> options)
    {
        _database = database;
        _clock = clock;
        _options = options.Value;
    }

    /// <summary>Makes the history's coming partitions; before the first job ends.</summary>
    public Task PrepareAsync(CancellationToken cancellationToken) =>
        _database.Engine == DatabaseEngine.Postgres
            ? _database.WriteAsync(session => PostgresHistory.PrepareAsync(session, _clock.Now), cancellationToken)
            : Task.CompletedTask;

    /// <summary>One clean-up.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken);
        long before = _clock.Now - Microseconds(_options.HistoryRetention);
        await RepeatAsync(session => DeleteHistoryAsync(session, before), cancellationToken);
        long keysBefore = _clock.Now - Microseconds(_options.IdempotencyRetention);
        await RepeatAsync(session => DeleteKeysAsync(session, keysBefore), cancellationToken);
    }

    private static long Microseconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    private async Task RepeatAsync(Func<DbSession, Task<int>> delete, CancellationToken cancellationToken)
    {
        while (await _database.WriteAsync(delete, cancellationToken) >= _options.DeleteBatchMax)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private Task<int> DeleteHistoryAsync(DbSession session, long before) =>
        session.Engine == DatabaseEngine.Postgres
            ? PostgresHistory.DropAsync(session, before, _options.DeleteBatchMax)
            : session.ExecuteAsync(
                "delete from jobs_history where id in ("
                    + "select id from jobs_history where finished_at < @before order by finished_at limit @Max)",
                new { before, Max = _options.DeleteBatchMax });

    // A key outlives its retention while its job lives: a repeat must not start it a second time.
    private Task<int> DeleteKeysAsync(DbSession session, long before) =>
        session.ExecuteAsync(
            """
            delete from jobs_keys where job_id in (
                select k.job_id from jobs_keys k where k.created_at < @before
                    and not exists (select 1 from jobs j where j.id = k.job_id) order by k.created_at limit @Max)
                and created_at < @before
            """,
            new { before, Max = _options.DeleteBatchMax });
}
