using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Sagas;

/// <summary>The rows of sagas. A row is driven under an epoch; what is saved under a former one is refused.</summary>
internal sealed class SagaStore
{
    private const string Columns =
        "id, tenant_id, name, version, idempotency_key, state, status, step, attempt, due_at, deadline_at, epoch, reason, error_kind,"
            + " error_step, created_at, updated_at, finished_at";

    private readonly Database _database;
    private readonly TimeProvider _time;

    public SagaStore(Database database, TimeProvider time)
    {
        _database = database;
        _time = time;
    }

    /// <summary>Takes due sagas of known definitions, of all tenants, for a process.</summary>
    public Task<IReadOnlyList<SagaRow>> ClaimAsync(
        string holder, IReadOnlyList<string> known, int limit, TimeSpan duration, CancellationToken cancellationToken) =>
        _database.WriteAsync(
            session =>
            {
                bool isPostgres = session.Engine == DatabaseEngine.Postgres;
                return session.QueryAsync<SagaRow>(
                    $"""
                    update sagas set holder = @holder, epoch = epoch + 1, attempt = attempt + 1, held_until = @until
                    where id in (
                        select id from sagas where status in (1, 2) and due_at <= @now and held_until <= @now
                            and name || '@' || version {(isPostgres ? "= any(@known)" : "in @known")}
                        order by due_at limit @limit {(isPostgres ? "for update skip locked" : "")})
                    returning {Columns}
                    """,
                    new
                    {
                        holder,
                        known = known.ToArray(),
                        limit,
                        now = _time.NowMicroseconds(),
                        until = Instants.ToMicroseconds(_time.GetUtcNow() + duration),
                    });
            },
            cancellationToken);

    /// <summary>Whether anything is due: cheaper than a claim that finds nothing.</summary>
    public Task<bool> HasDueAsync(CancellationToken cancellationToken) => _database.ReadAsync(
        session => session.ScalarAsync<bool>(
            "select exists (select 1 from sagas where status in (1, 2) and due_at <= @now and held_until <= @now)",
            new { now = _time.NowMicroseconds() }),
        cancellationToken);

    /// <summary>Holds a process's sagas for longer; those that another has taken are not touched.</summary>
    public Task RenewAsync(string holder, IEnumerable<Guid> ids, TimeSpan duration, CancellationToken cancellationToken) =>
        _database.WriteAsync(
            session => session.ExecuteAsync(
                "update sagas set held_until = @until where holder = @holder and held_until > 0 and id in @Ids",
                new { holder, Ids = Ids.List(ids), until = Instants.ToMicroseconds(_time.GetUtcNow() + duration) }),
            cancellationToken);

    /// <summary>Gives a saga back untouched: the attempt that was begun counts.</summary>
    public Task ReleaseAsync(SagaRow row) => _database.WriteAsync(session => session.ExecuteAsync(
        "update sagas set held_until = 0 where tenant_id = @TenantId and id = @Id and epoch = @Epoch",
        new { row.TenantId, row.Id, row.Epoch }));

    /// <summary>The embedded store has one process: whatever is held there was held by one that is gone.</summary>
    public Task ReleaseAllAsync(CancellationToken cancellationToken) => _database.Engine == DatabaseEngine.Sqlite
        ? _database.WriteAsync(
            session => session.ExecuteAsync("update sagas set held_until = 0 where status in (1, 2) and held_until > 0"),
            cancellationToken)
        : Task.CompletedTask;

    /// <summary>
    /// Saves what follows <paramref name="from"/> within the caller's transaction; a saga that waits or has ended is given back. The place
    /// is checked as well as the epoch: a commit whose answer was lost may have moved the saga already.
    /// </summary>
    /// <exception cref="SagaLostException">The saga is no longer at that place in this epoch: roll back.</exception>
    public async Task SaveAsync(DbSession session, SagaRow from, SagaRow row, bool keeps)
    {
        int saved = await session.ExecuteAsync(
            $"""
            update sagas set state = @State, status = @Status, step = @Step, attempt = @Attempt, due_at = @DueAt, reason = @Reason,
                error_kind = @ErrorKind, error_step = @ErrorStep, updated_at = @now,
                finished_at = @FinishedAt{(keeps ? "" : ", held_until = 0")}
            where tenant_id = @TenantId and id = @Id and epoch = @Epoch and step = @fromStep and status = @fromStatus
            """,
            new
            {
                fromStep = from.Step,
                fromStatus = from.Status,
                row.State,
                row.Status,
                row.Step,
                row.Attempt,
                row.DueAt,
                row.Reason,
                row.ErrorKind,
                row.ErrorStep,
                row.FinishedAt,
                row.TenantId,
                row.Id,
                row.Epoch,
                now = _time.NowMicroseconds(),
            });
        if (saved == 0)
        {
            throw new SagaLostException(row.Id);
        }
    }

    /// <summary>Inserts within the caller's transaction; false when the tenant has used the key for this name.</summary>
    public static async Task<bool> InsertAsync(DbSession session, SagaRow row) => await session.ExecuteAsync(
        """
        insert into sagas (id, tenant_id, name, version, idempotency_key, input, state, status, step, attempt, due_at, deadline_at,
            created_at, updated_at)
        values (@Id, @TenantId, @Name, @Version, @IdempotencyKey, @State, @State, @Status, 0, 0, @DueAt, @DeadlineAt,
            @CreatedAt, @CreatedAt)
        on conflict (tenant_id, name, idempotency_key) where idempotency_key is not null do nothing
        """,
        row) == 1;

    public static Task<KnownStart?> FindByKeyAsync(DbSession session, TenantId tenant, string name, string key) =>
        session.QuerySingleOrDefaultAsync<KnownStart>(
            "select id, input from sagas where tenant_id = @tenant and name = @name and idempotency_key = @key",
            new { tenant = tenant.Value, name, key });

    public Task<SagaRow?> FindAsync(TenantId tenant, Guid id, CancellationToken cancellationToken) => _database.ReadAsync(
        session => session.QuerySingleOrDefaultAsync<SagaRow>(
            $"select {Columns} from sagas where tenant_id = @tenant and id = @id", new { tenant = tenant.Value, id }),
        cancellationToken);

    /// <summary>A page of a tenant's sagas, newest first.</summary>
    public Task<IReadOnlyList<SagaRow>> ListAsync(
        TenantId tenant, SagaStatus? status, string? name, Guid? before, int limit, CancellationToken cancellationToken)
    {
        string conditions = (status is null ? "" : " and status = @status") + (name is null ? "" : " and name = @name")
            + (before is null ? "" : " and id < @before");
        return _database.ReadAsync(
            session => session.QueryAsync<SagaRow>(
                $"select {Columns} from sagas where tenant_id = @tenant{conditions} order by id desc limit @limit",
                new { tenant = tenant.Value, status = (int?)status ?? 0, name, before = before ?? Guid.Empty, limit }),
            cancellationToken);
    }

    /// <summary>Sends a tenant's parked saga back to its compensation; false when there is no such saga that is parked.</summary>
    public async Task<bool> RetryAsync(TenantId tenant, Guid id, Action wake, CancellationToken cancellationToken) =>
        await _database.WriteAsync(
            session =>
            {
                session.OnCommitted(wake);
                return session.ExecuteAsync(
                    "update sagas set status = 2, attempt = 0, due_at = @now, held_until = 0, finished_at = null, updated_at = @now"
                        + " where tenant_id = @tenant and id = @id and status = 5",
                    new { tenant = tenant.Value, id, now = _time.NowMicroseconds() });
            },
            cancellationToken) > 0;

    /// <summary>Deletes sagas, of all tenants, that ended well before an instant.</summary>
    public Task<int> DeleteAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => _database.WriteAsync(
        session => session.ExecuteAsync(
            """
            delete from sagas where id in (
                select id from sagas where finished_at < @before and status in (3, 4) order by finished_at limit @limit)
            """,
            new { before = Instants.ToMicroseconds(before), limit }),
        cancellationToken);

    internal sealed class KnownStart
    {
        public Guid Id { get; set; }

        public string Input { get; set; } = "";
    }
}
