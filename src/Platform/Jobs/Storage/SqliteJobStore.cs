using Iskra.Platform.Data;

namespace Iskra.Platform.Jobs.Storage;

/// <summary>Prepared statements run for each job on the one writer's thread; the commit is shared with everybody who writes.</summary>
internal sealed class SqliteJobStore : IJobStore
{
    private const string InsertSql =
        """
        insert into jobs (id, tenant_id, type, state, priority, order_at, ready_at, due_at, created_at, idempotency_key, payload)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        """;

    private const string TakeKeySql =
        """
        insert into jobs_keys (tenant_id, type, key, job_id, payload_hash, created_at) values (?1, ?2, ?3, ?4, ?5, ?6)
        on conflict do nothing
        """;

    private const string KnownKeySql =
        "select job_id, payload_hash from jobs_keys where tenant_id = ?1 and type = ?2 and key = ?3";

    private const string ClaimSql =
        """
        update jobs set state = 3, worker_id = ?1, attempt = attempt + 1, started_at = ?2, percent = null, message = null
        where id in (select id from jobs where state = 2 and type = ?3 order by order_at, id limit ?4)
        returning id, tenant_id, priority, order_at, ready_at, due_at, overrun, mode, attempt, failures, crashes, created_at, payload
        """;

    private const string KeepSql =
        """
        insert into jobs_history (id, tenant_id, type, state, priority, ready_at, due_at, overrun, mode, attempt, failures, crashes,
            worker_id, created_at, started_at, finished_at, error, result, idempotency_key, payload)
        select id, tenant_id, type, ?4, priority, ready_at, due_at, max(overrun, ?9), mode, attempt, ?5, crashes,
            worker_id, created_at, started_at, ?6, coalesce(?7, error), ?8, idempotency_key, payload
        from jobs where id = ?1 and state = 3 and attempt = ?2 and worker_id = ?3
        """;

    private const string RemoveSql = "delete from jobs where id = ?1";

    private const string GiveBackSql =
        """
        update jobs set state = case when attention = 5 then 4 else ?4 end, order_at = ?5, ready_at = ?6, failures = ?7,
            mode = max(mode, ?8), overrun = max(overrun, ?9), attention = case when attention = 2 then 2 else 0 end,
            worker_id = null, error = coalesce(?10, error)
        where id = ?1 and state = 3 and attempt = ?2 and worker_id = ?3
        """;

    public Task<IReadOnlyList<EnqueueResult>> InsertAsync(DbSession session, IReadOnlyList<NewJob> jobs)
    {
        SqliteStatement insert = SqliteStatement.For(session, InsertSql);
        EnqueueResult[] results = new EnqueueResult[jobs.Count];
        for (int i = 0; i < results.Length; i++)
        {
            NewJob job = jobs[i];
            EnqueueResult? known = job.IdempotencyKey is null ? null : TakeKey(session, job);
            results[i] = known ?? new EnqueueResult(EnqueueStatus.Created, job.Id);
            if (known is null)
            {
                insert.Bind(1, job.Id).Bind(2, job.TenantId).Bind(3, job.Type).Bind(4, (int)job.State).Bind(5, job.Priority)
                    .Bind(6, job.OrderAt).Bind(7, job.ReadyAt).Bind(8, job.DueAt).Bind(9, job.CreatedAt).Bind(10, job.IdempotencyKey)
                    .Bind(11, job.Payload).Execute();
            }
        }

        return Task.FromResult<IReadOnlyList<EnqueueResult>>(results);
    }

    public Task<IReadOnlyList<ClaimedJob>> ClaimAsync(DbSession session, IReadOnlyList<ClaimWish> wishes, Guid workerId, long now)
    {
        List<ClaimedJob> claimed = [];
        SqliteStatement claim = SqliteStatement.For(session, ClaimSql);
        foreach (ClaimWish wish in wishes)
        {
            claim.Bind(1, workerId).Bind(2, now).Bind(3, wish.Type).Bind(4, wish.Count);
            while (claim.Read())
            {
                claimed.Add(new ClaimedJob(
                    claim.Id(0), claim.Int32(1), wish.Type, claim.Int32(2), claim.Int64(3), claim.Int64(4), claim.NullableInt64(5),
                    claim.Int32(6) != 0, (JobMode)claim.Int32(7), claim.Int32(8), claim.Int32(9), claim.Int32(10), claim.Int64(11),
                    claim.Text(12)));
            }
        }

        claimed.Sort(static (left, right) => left.OrderAt.CompareTo(right.OrderAt));
        return Task.FromResult<IReadOnlyList<ClaimedJob>>(claimed);
    }

    public Task<IReadOnlySet<Guid>> EndAsync(DbSession session, IReadOnlyList<JobEnd> ends, long now)
    {
        HashSet<Guid> found = new(ends.Count);
        foreach (JobEnd end in ends)
        {
            if (end.IsFinal ? Finish(session, end, now) : GiveBack(session, end))
            {
                found.Add(end.Id);
            }
        }

        return Task.FromResult<IReadOnlySet<Guid>>(found);
    }

    private static bool Finish(DbSession session, JobEnd end, long now)
    {
        bool isOurs = SqliteStatement.For(session, KeepSql)
            .Bind(1, end.Id).Bind(2, end.Attempt).Bind(3, end.WorkerId).Bind(4, (int)end.State).Bind(5, end.Failures)
            .Bind(6, now).Bind(7, end.Error).Bind(8, end.Result).Bind(9, end.IsOverrun ? 1 : 0).Execute() > 0;
        if (isOurs)
        {
            SqliteStatement.For(session, RemoveSql).Bind(1, end.Id).Execute();
        }

        return isOurs;
    }

    private static bool GiveBack(DbSession session, JobEnd end) =>
        SqliteStatement.For(session, GiveBackSql)
            .Bind(1, end.Id).Bind(2, end.Attempt).Bind(3, end.WorkerId).Bind(4, (int)end.State).Bind(5, end.OrderAt)
            .Bind(6, end.ReadyAt).Bind(7, end.Failures).Bind(8, (int)end.Mode).Bind(9, end.IsOverrun ? 1 : 0).Bind(10, end.Error)
            .Execute() > 0;

    private static EnqueueResult? TakeKey(DbSession session, NewJob job)
    {
        int taken = SqliteStatement.For(session, TakeKeySql)
            .Bind(1, job.TenantId).Bind(2, job.Type).Bind(3, job.IdempotencyKey).Bind(4, job.Id).Bind(5, job.PayloadHash!)
            .Bind(6, job.CreatedAt).Execute();
        if (taken > 0)
        {
            return null;
        }

        SqliteStatement known = SqliteStatement.For(session, KnownKeySql)
            .Bind(1, job.TenantId).Bind(2, job.Type).Bind(3, job.IdempotencyKey);
        EnqueueResult? result = null;
        while (known.Read())
        {
            bool isSame = known.Blob(1).SequenceEqual(job.PayloadHash);
            result = new EnqueueResult(isSame ? EnqueueStatus.Exists : EnqueueStatus.ExistsWithOtherPayload, known.Id(0));
        }

        return result;
    }
}
