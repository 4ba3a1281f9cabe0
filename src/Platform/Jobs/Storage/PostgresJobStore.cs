using Iskra.Platform.Data;
using Npgsql;
using NpgsqlTypes;

namespace Iskra.Platform.Jobs.Storage;

/// <summary>Whole batches as arrays: one statement, one round trip and one commit for any number of jobs.</summary>
internal sealed class PostgresJobStore : IJobStore
{
    // A plan made while the table was empty would read all of it later; the statements here are for the indexes, whatever its size.
    private const string UseIndexes = "select set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true), "
        + "set_config('enable_mergejoin', 'off', true)";

    private const string Columns =
        "id, tenant_id, type, state, priority, order_at, ready_at, due_at, created_at, idempotency_key, payload";

    private const string Input =
        "unnest($1::uuid[], $2::integer[], $3::text[], $4::smallint[], $5::smallint[], $6::bigint[], $7::bigint[], $8::bigint[], "
        + "$9::bigint[], $10::text[], $11::text[])";

    private const string InsertSql = $"insert into jobs ({Columns}) select * from {Input}";

    // Sorted, so that two processes that write the same keys wait for each other in one order.
    private const string InsertKeyedSql =
        $"""
        with input as (
            select * from unnest($1::uuid[], $2::integer[], $3::text[], $4::smallint[], $5::smallint[], $6::bigint[], $7::bigint[],
                $8::bigint[], $9::bigint[], $10::text[], $11::text[], $12::bytea[])
                as i ({Columns}, payload_hash)),
        taken as (
            insert into jobs_keys (tenant_id, type, key, job_id, payload_hash, created_at)
            select tenant_id, type, idempotency_key, id, payload_hash, created_at from input order by tenant_id, type, idempotency_key
            on conflict do nothing returning job_id)
        insert into jobs ({Columns}) select {Columns} from input where id in (select job_id from taken) returning id
        """;

    private const string KnownKeysSql =
        """
        select k.tenant_id, k.type, k.key, k.job_id, k.payload_hash from jobs_keys k
        join unnest($1::integer[], $2::text[], $3::text[]) as i (tenant_id, type, key)
            on k.tenant_id = i.tenant_id and k.type = i.type and k.key = i.key
        """;

    private const string ClaimSql =
        """
        with picked as materialized (
            select p.id from unnest($1::text[], $2::integer[]) as w (type, wanted)
            cross join lateral (
                select j.id from jobs j where j.state = 2 and j.type = w.type order by j.order_at, j.id limit w.wanted
                for update skip locked) p)
        update jobs set state = 3, worker_id = $3, attempt = attempt + 1, started_at = $4, percent = null, message = null
        where id = any (array (select id from picked)) and exists (select 1 from jobs_workers where id = $3)
        returning id, tenant_id, type, priority, order_at, ready_at, due_at, overrun, mode, attempt, failures, crashes, created_at, payload
        """;

    private const string FinishSql =
        """
        with gone as (
            delete from jobs j using unnest($1::uuid[], $2::integer[], $3::uuid[], $4::smallint[], $5::integer[], $6::text[], $7::text[],
                $8::smallint[]) as i (id, attempt, worker_id, state, failures, result, error, overrun)
            where j.id = i.id and j.state = 3 and j.attempt = i.attempt and j.worker_id = i.worker_id
            returning j.id, j.tenant_id, j.type, i.state, j.priority, j.ready_at, j.due_at, greatest(j.overrun, i.overrun), j.mode,
                j.attempt, i.failures, j.crashes, j.worker_id, j.created_at, j.started_at, $9::bigint, coalesce(i.error, j.error),
                i.result, j.idempotency_key, j.payload)
        insert into jobs_history (id, tenant_id, type, state, priority, ready_at, due_at, overrun, mode, attempt, failures, crashes,
            worker_id, created_at, started_at, finished_at, error, result, idempotency_key, payload)
        select * from gone returning id
        """;

    private const string GiveBackSql =
        """
        update jobs j set state = case when j.attention = 5 then 4 else i.state end, order_at = i.order_at, ready_at = i.ready_at,
            failures = i.failures, mode = greatest(j.mode, i.mode), overrun = greatest(j.overrun, i.overrun),
            attention = case when j.attention = 2 then 2 else 0 end, worker_id = null, error = coalesce(i.error, j.error)
        from unnest($1::uuid[], $2::integer[], $3::uuid[], $4::smallint[], $5::integer[], $6::bigint[], $7::bigint[], $8::smallint[],
            $9::smallint[], $10::text[]) as i (id, attempt, worker_id, state, failures, order_at, ready_at, mode, overrun, error)
        where j.id = i.id and j.state = 3 and j.attempt = i.attempt and j.worker_id = i.worker_id
        returning j.id
        """;

    public async Task<IReadOnlyList<EnqueueResult>> InsertAsync(DbSession session, IReadOnlyList<NewJob> jobs)
    {
        NewJob[] free = [.. jobs.Where(job => job.IdempotencyKey is null)];
        NewJob[] keyed = [.. jobs.Where(job => job.IdempotencyKey is not null)];
        if (free.Length > 0)
        {
            await using NpgsqlBatch batch = Batch(session, InsertSql, Values(free));
            await batch.ExecuteNonQueryAsync();
        }

        IReadOnlyDictionary<Guid, EnqueueResult> known = keyed.Length > 0
            ? await InsertKeyedAsync(session, keyed)
            : new Dictionary<Guid, EnqueueResult>();
        EnqueueResult[] results = new EnqueueResult[jobs.Count];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = known.TryGetValue(jobs[i].Id, out EnqueueResult found) ? found : new(EnqueueStatus.Created, jobs[i].Id);
        }

        return results;
    }

    public async Task<IReadOnlyList<ClaimedJob>> ClaimAsync(DbSession session, IReadOnlyList<ClaimWish> wishes, Guid workerId, long now)
    {
        List<ClaimedJob> claimed = [];
        await using NpgsqlBatch batch = Batch(
            session,
            ClaimSql,
            [
                Array(NpgsqlDbType.Text, wishes, wish => wish.Type),
                Array(NpgsqlDbType.Integer, wishes, wish => wish.Count),
                new NpgsqlParameter<Guid> { TypedValue = workerId },
                new NpgsqlParameter<long> { TypedValue = now },
            ]);
        await using NpgsqlDataReader reader = await ReadAsync(batch);
        while (await reader.ReadAsync())
        {
            claimed.Add(new ClaimedJob(
                reader.GetGuid(0), reader.GetInt32(1), reader.GetString(2), reader.GetInt16(3), reader.GetInt64(4), reader.GetInt64(5),
                await reader.IsDBNullAsync(6) ? null : reader.GetInt64(6), reader.GetInt16(7) != 0, (JobMode)reader.GetInt16(8),
                reader.GetInt32(9), reader.GetInt32(10), reader.GetInt32(11), reader.GetInt64(12), reader.GetString(13)));
        }

        claimed.Sort(static (left, right) => left.OrderAt.CompareTo(right.OrderAt));
        return claimed;
    }

    public async Task<IReadOnlySet<Guid>> EndAsync(DbSession session, IReadOnlyList<JobEnd> ends, long now)
    {
        HashSet<Guid> found = [];
        JobEnd[] final = [.. ends.Where(end => end.IsFinal)];
        JobEnd[] back = [.. ends.Where(end => !end.IsFinal)];
        if (final.Length > 0)
        {
            await using NpgsqlBatch batch = Batch(
                session,
                FinishSql,
                [
                    .. Tokens(final),
                    Array(NpgsqlDbType.Text, final, end => end.Result),
                    Array(NpgsqlDbType.Text, final, end => end.Error),
                    Array(NpgsqlDbType.Smallint, final, end => (short)(end.IsOverrun ? 1 : 0)),
                    new NpgsqlParameter<long> { TypedValue = now },
                ]);
            await AddIdsAsync(batch, found);
        }

        if (back.Length > 0)
        {
            await using NpgsqlBatch batch = Batch(
                session,
                GiveBackSql,
                [
                    .. Tokens(back),
                    Array(NpgsqlDbType.Bigint, back, end => end.OrderAt),
                    Array(NpgsqlDbType.Bigint, back, end => end.ReadyAt),
                    Array(NpgsqlDbType.Smallint, back, end => (short)end.Mode),
                    Array(NpgsqlDbType.Smallint, back, end => (short)(end.IsOverrun ? 1 : 0)),
                    Array(NpgsqlDbType.Text, back, end => end.Error),
                ]);
            await AddIdsAsync(batch, found);
        }

        return found;
    }

    private static NpgsqlParameter[] Tokens(JobEnd[] ends) =>
    [
        Array(NpgsqlDbType.Uuid, ends, end => end.Id),
        Array(NpgsqlDbType.Integer, ends, end => end.Attempt),
        Array(NpgsqlDbType.Uuid, ends, end => end.WorkerId),
        Array(NpgsqlDbType.Smallint, ends, end => (short)end.State),
        Array(NpgsqlDbType.Integer, ends, end => end.Failures),
    ];

    private static NpgsqlParameter[] Values(NewJob[] jobs) =>
    [
        Array(NpgsqlDbType.Uuid, jobs, job => job.Id),
        Array(NpgsqlDbType.Integer, jobs, job => job.TenantId),
        Array(NpgsqlDbType.Text, jobs, job => job.Type),
        Array(NpgsqlDbType.Smallint, jobs, job => (short)job.State),
        Array(NpgsqlDbType.Smallint, jobs, job => (short)job.Priority),
        Array(NpgsqlDbType.Bigint, jobs, job => job.OrderAt),
        Array(NpgsqlDbType.Bigint, jobs, job => job.ReadyAt),
        Array(NpgsqlDbType.Bigint, jobs, job => job.DueAt),
        Array(NpgsqlDbType.Bigint, jobs, job => job.CreatedAt),
        Array(NpgsqlDbType.Text, jobs, job => job.IdempotencyKey),
        Array(NpgsqlDbType.Text, jobs, job => job.Payload),
    ];

    private static async Task<IReadOnlyDictionary<Guid, EnqueueResult>> InsertKeyedAsync(DbSession session, NewJob[] jobs)
    {
        HashSet<Guid> created = [];
        await using (NpgsqlBatch insert = Batch(
            session, InsertKeyedSql, [.. Values(jobs), Array(NpgsqlDbType.Bytea, jobs, job => job.PayloadHash)]))
        {
            await AddIdsAsync(insert, created);
        }

        Dictionary<Guid, EnqueueResult> results = [];
        NewJob[] rest = [.. jobs.Where(job => !created.Contains(job.Id))];
        if (rest.Length == 0)
        {
            return results;
        }

        Dictionary<(int, string, string), (Guid JobId, byte[] Hash)> holders = [];
        await using (NpgsqlBatch query = Batch(
            session,
            KnownKeysSql,
            [
                Array(NpgsqlDbType.Integer, rest, job => job.TenantId),
                Array(NpgsqlDbType.Text, rest, job => job.Type),
                Array(NpgsqlDbType.Text, rest, job => job.IdempotencyKey),
            ]))
        await using (NpgsqlDataReader reader = await ReadAsync(query))
        {
            while (await reader.ReadAsync())
            {
                holders[(reader.GetInt32(0), reader.GetString(1), reader.GetString(2))] =
                    (reader.GetGuid(3), (byte[])reader.GetValue(4));
            }
        }

        foreach (NewJob job in rest)
        {
            (Guid jobId, byte[] hash) = holders[(job.TenantId, job.Type, job.IdempotencyKey!)];
            bool isSame = hash.AsSpan().SequenceEqual(job.PayloadHash);
            results[job.Id] = new(isSame ? EnqueueStatus.Exists : EnqueueStatus.ExistsWithOtherPayload, jobId);
        }

        return results;
    }

    private static NpgsqlBatch Batch(DbSession session, string sql, params NpgsqlParameter[] parameters)
    {
        NpgsqlBatch batch = new((NpgsqlConnection)session.Connection, (NpgsqlTransaction?)session.Transaction);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(UseIndexes));
        NpgsqlBatchCommand command = new(sql);
        command.Parameters.AddRange(parameters);
        batch.BatchCommands.Add(command);
        return batch;
    }

    /// <summary>A reader at the second command's rows.</summary>
    private static async Task<NpgsqlDataReader> ReadAsync(NpgsqlBatch batch)
    {
        NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        return reader;
    }

    private static async Task AddIdsAsync(NpgsqlBatch batch, HashSet<Guid> ids)
    {
        await using NpgsqlDataReader reader = await ReadAsync(batch);
        while (await reader.ReadAsync())
        {
            ids.Add(reader.GetGuid(0));
        }
    }

    private static NpgsqlParameter<TValue[]> Array<TItem, TValue>(NpgsqlDbType type, IReadOnlyList<TItem> items, Func<TItem, TValue> value)
    {
        TValue[] values = new TValue[items.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = value(items[i]);
        }

        return new NpgsqlParameter<TValue[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
    }
}
