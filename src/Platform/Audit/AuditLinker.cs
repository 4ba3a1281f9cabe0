using System.Security.Cryptography;
using Iskra.Platform.Data;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Audit;

/// <summary>
/// Moves waiting entries into their tenants' chains, in the order in which they became visible, and signs checkpoints. One links at a time
/// in an installation: on PostgreSQL an advisory lock sees to it, and who doesn't get it has nothing to do. So a writer of entries never
/// waits for another one's commit. Thread-safe.
/// </summary>
internal sealed class AuditLinker(
    Database database,
    AuditSigningKeys keys,
    CheckpointFiles files,
    AuditMetrics metrics,
    IOptions<AuditOptions> options,
    TimeProvider time,
    ILogger<AuditLinker> logger)
{
    /// <summary>Any constant that nothing else locks.</summary>
    private const long LinkLock = 0x69736b7261_02;

    private const string InsertEntry = $"""
        insert into audit_entries ({AuditRow.Columns}, sequence, hash)
        values (@TenantId, @Id, @OccurredAt, @Kind, @ActorKind, @Actor, @Subject, @Target, @Details, @Sequence, @Hash)
        """;

    private const string UpsertHead = """
        insert into audit_heads (tenant_id, sequence, hash, checkpoint_sequence, checkpoint_at)
        values (@TenantId, @Sequence, @Hash, @CheckpointSequence, @CheckpointAt)
        on conflict (tenant_id) do update set sequence = excluded.sequence, hash = excluded.hash,
          checkpoint_sequence = excluded.checkpoint_sequence, checkpoint_at = excluded.checkpoint_at
        """;

    /// <summary>Links all that waits now, and signs the checkpoints that are due; gives how many entries were linked.</summary>
    public async Task<int> LinkAsync(CancellationToken cancellationToken)
    {
        int total = 0;
        int linked;
        do
        {
            linked = await IsNeededAsync(cancellationToken) ? await LinkBatchAsync(cancellationToken) : 0;
            total += linked;
        }
        while (linked == options.Value.LinkBatchMax);

        return total;
    }

    /// <summary>Signs a checkpoint at the end of every chain that has entries after its last one, due or not.</summary>
    public Task CheckpointAllAsync(CancellationToken cancellationToken) => CheckpointAsync(isForced: true, cancellationToken);

    private Task<bool> IsNeededAsync(CancellationToken cancellationToken) => database.ReadAsync(
        async session =>
        {
            long? oldest = await session.ScalarAsync<long?>("select min(occurred_at) from audit_pending");
            metrics.PendingAge = oldest is { } at ? Math.Max(0, time.NowMicroseconds() - at) / 1e6 : 0;
            return oldest is not null || await IsCheckpointDueAsync(session);
        },
        cancellationToken);

    private async Task<int> LinkBatchAsync(CancellationToken cancellationToken)
    {
        int linked = await database.WriteAsync(LinkInTransactionAsync, cancellationToken);
        metrics.Linked(linked);
        await CheckpointAsync(isForced: false, cancellationToken);
        return linked;
    }

    private async Task<int> LinkInTransactionAsync(DbSession session)
    {
        if (!await TryLockAsync(session))
        {
            return 0;
        }

        IReadOnlyList<AuditRow> rows = await session.QueryAsync<AuditRow>(
            $"select position, {AuditRow.Columns} from audit_pending order by position limit @limit",
            new { limit = options.Value.LinkBatchMax });
        foreach (IGrouping<int, AuditRow> group in rows.GroupBy(row => row.TenantId))
        {
            AuditHead head = await HeadAsync(session, group.Key);
            if (head.Sequence == head.CheckpointSequence)
            {
                head.CheckpointAt = time.NowMicroseconds();
            }

            foreach (AuditRow row in group)
            {
                row.Sequence = ++head.Sequence;
                row.Hash = head.Hash = AuditHash.Next(head.Hash, row);
                await session.ExecuteAsync(InsertEntry, row);
            }

            // By a list, not a range: an entry in between may become visible between two statements.
            await session.ExecuteAsync(
                "delete from audit_pending where tenant_id = @tenant and id in @ids",
                new { tenant = group.Key, ids = Ids.List(group.Select(row => row.Id)) });
            await session.ExecuteAsync(UpsertHead, head);
        }

        return rows.Count;
    }

    private static async Task<AuditHead> HeadAsync(DbSession session, int tenant) =>
        await session.QuerySingleOrDefaultAsync<AuditHead>(
            $"select {AuditHead.Columns} from audit_heads where tenant_id = @tenant", new { tenant })
        ?? new AuditHead { TenantId = tenant, Hash = AuditHash.Genesis(tenant) };

    private static async Task<bool> TryLockAsync(DbSession session) =>
        session.Engine == DatabaseEngine.Sqlite || await session.ScalarAsync<bool>($"select pg_try_advisory_xact_lock({LinkLock})");

    private object DueParameters(bool isForced) => new
    {
        forced = isForced ? 1 : 0,
        entries = options.Value.CheckpointEntries,
        before = time.NowMicroseconds() - (options.Value.CheckpointInterval.Ticks / TimeSpan.TicksPerMicrosecond),
    };

    private async Task<bool> IsCheckpointDueAsync(DbSession session) => await session.ScalarAsync<long>(
        """
        select count(*) from audit_heads where sequence > checkpoint_sequence
          and (sequence - checkpoint_sequence >= @entries or checkpoint_at <= @before)
        """,
        DueParameters(isForced: false)) > 0;

    private async Task CheckpointAsync(bool isForced, CancellationToken cancellationToken)
    {
        IReadOnlyList<AuditCheckpoint> made = await database.WriteAsync(
            async session => await TryLockAsync(session) ? await SignAsync(session, isForced) : [], cancellationToken);
        foreach (AuditCheckpoint checkpoint in made)
        {
            metrics.CheckpointMade();
            await CopyAsync(checkpoint, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<AuditCheckpoint>> SignAsync(DbSession session, bool isForced)
    {
        IReadOnlyList<AuditHead> heads = await session.QueryAsync<AuditHead>(
            $"""
            select {AuditHead.Columns} from audit_heads where sequence > checkpoint_sequence
              and (@forced = 1 or sequence - checkpoint_sequence >= @entries or checkpoint_at <= @before) order by tenant_id limit 1000
            """,
            DueParameters(isForced));
        if (heads.Count == 0)
        {
            return [];
        }

        List<AuditCheckpoint> made = [];
        (int keyId, ECDsa key) = await keys.CurrentAsync(session);
        using (key)
        {
            foreach (AuditHead head in heads)
            {
                AuditCheckpoint checkpoint = new()
                {
                    TenantId = head.TenantId,
                    Sequence = head.Sequence,
                    Hash = head.Hash,
                    CreatedAt = time.NowMicroseconds(),
                    KeyId = keyId,
                };
                checkpoint.Signature = key.SignData(checkpoint.SignedText(), HashAlgorithmName.SHA256);
                await session.ExecuteAsync(
                    """
                    insert into audit_checkpoints (tenant_id, sequence, hash, created_at, key_id, signature)
                    values (@TenantId, @Sequence, @Hash, @CreatedAt, @KeyId, @Signature)
                    """,
                    checkpoint);
                await session.ExecuteAsync(
                    "update audit_heads set checkpoint_sequence = @Sequence, checkpoint_at = @CreatedAt where tenant_id = @TenantId",
                    checkpoint);
                made.Add(checkpoint);
            }
        }

        return made;
    }

    private async Task CopyAsync(AuditCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        if (!files.IsOn)
        {
            return;
        }

        try
        {
            await files.AppendAsync(checkpoint, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.CheckpointNotCopied(logger, e, checkpoint.TenantId, checkpoint.Sequence);
        }
    }
}
