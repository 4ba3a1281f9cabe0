using System.Data.Common;
using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Modules.Cards.Storage;
using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;

namespace Iskra.Modules.Cards.Verification;

/// <summary>
/// Reads one consistent snapshot of the whole ledger, entry by entry, and compares everything that is stored with what the journal says.
/// Needs memory for the accounts and the pending transfers, not for the journal.
/// </summary>
internal static class LedgerVerifier
{
    private const int PageSize = 20_000;

    private const string Head = """
        select epoch, last_sequence, block, hash, posted_at, recovery_sequence, account_count from cards_ledger where shard = 0
        """;

    private const string Entries = """
        select sequence, id, kind, debit_key, credit_key, amount_minor, released_minor, pending_sequence, timeout_seconds, code, reference,
            occurred_at, posted_at, debit_previous, credit_previous, debit_net_after, credit_net_after,
            tenant_id
        from cards_journal where sequence > @after order by sequence limit @limit
        """;

    private const string Blocks = """
        select block, first_sequence, last_sequence, hash from cards_blocks where block > @after order by block limit @limit
        """;

    private const string Pendings = """
        select tenant_id, id, sequence, debit_key, credit_key, amount_minor, expires_at, state, settled_by_sequence
        from cards_pendings where (tenant_id, id) > (@tenant, @after) order by tenant_id, id limit @limit
        """;

    public static Task<VerificationReport> RunAsync(
        Database database, TimeProvider time, Action<long, long>? progress, CancellationToken cancellationToken) => database.ReadAsync(
        async session =>
        {
            long started = time.GetTimestamp();
            await session.TakeSnapshotAsync();
            VerificationReport report = new();
            if (await session.QuerySingleOrDefaultAsync<HeadRow>(Head) is not { } row)
            {
                report.Add("The ledger's head row is missing.");
                return report;
            }

            LedgerHead head = row.ToHead();
            foreach (TenantRow tenant in await session.QueryAsync<TenantRow>("select id, slug from tenants"))
            {
                report.Slugs[tenant.Id] = tenant.Slug;
            }

            JournalReplay replay = new(report, head);
            await ReadAccountsAsync(session, replay);
            await ReplayAsync(session, replay, report, head, progress, cancellationToken);
            await ReadPendingsAsync(session, replay);
            replay.End();
            report.Elapsed = time.GetElapsedTime(started);
            return report;
        },
        cancellationToken);

    private static async Task ReadAccountsAsync(DbSession session, JournalReplay replay)
    {
        long after = 0;
        while (true)
        {
            IReadOnlyList<AccountRow> page = await session.QueryAsync<AccountRow>(
                $"select {AccountRow.Columns} from cards_accounts where key > @after order by key limit @limit",
                    new { after, limit = PageSize });
            foreach (AccountRow row in page)
            {
                LedgerAccount account = row.ToAccount();
                account.Current = default;
                account.LastSequence = 0;
                replay.Add(new AccountReplay
                {
                    Account = account,
                    Stored = row.ToBalances(),
                    StoredLastSequence = row.LastSequence,
                    AsOfSequence = row.AsOfSequence,
                });
            }

            if (page.Count < PageSize)
            {
                return;
            }

            after = page[^1].Key;
        }
    }

    private static async Task ReplayAsync(
        DbSession session, JournalReplay replay, VerificationReport report, LedgerHead head, Action<long, long>? progress,
            CancellationToken cancel)
    {
        BlockChain chain = new(report, head, after => session.QueryAsync<BlockRow>(Blocks, new { after, limit = PageSize }));
        List<JournalEntry> page = new(PageSize);
        long last = 0;
        do
        {
            cancel.ThrowIfCancellationRequested();
            await ReadPageAsync(session, replay, last, page, cancel);
            foreach (JournalEntry entry in page)
            {
                replay.Apply(entry);
                await chain.AddAsync(entry);
            }

            last = page.Count == 0 ? last : page[^1].Sequence;
            progress?.Invoke(last, head.LastSequence);
        }
        while (page.Count == PageSize);
        await chain.EndAsync();
    }

    private static async Task ReadPageAsync(
        DbSession session, JournalReplay replay, long after, List<JournalEntry> page, CancellationToken cancel)
    {
        page.Clear();
        await using DbCommand command = session.Connection.CreateCommand();
        command.CommandText = Entries;
        Add(command, "@after", after);
        Add(command, "@limit", PageSize);
        await using DbDataReader row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
        {
            long sequence = row.GetInt64(0);
            TenantId tenant = new(row.GetInt32(17));
            page.Add(new JournalEntry
            {
                Sequence = sequence,
                Tenant = tenant,
                Id = Storage.Uuid.ToUInt128(Ids.Read(row, 1)),
                Kind = (TransferKind)row.GetInt32(2),
                Debit = replay.AccountOf(row.GetInt64(3), sequence, tenant),
                Credit = replay.AccountOf(row.GetInt64(4), sequence, tenant),
                AmountMinor = row.GetInt64(5),
                ReleasedMinor = row.GetInt64(6),
                PendingSequence = row.GetInt64(7),
                TimeoutSeconds = row.GetInt32(8),
                Code = row.GetInt32(9),
                Reference = row[10] as string,
                OccurredAt = row[11] as long?,
                PostedAt = row.GetInt64(12),
                DebitPrevious = row.GetInt64(13),
                CreditPrevious = row.GetInt64(14),
                DebitNetAfter = row.GetInt64(15),
                CreditNetAfter = row.GetInt64(16),
            });
        }
    }

    private static async Task ReadPendingsAsync(DbSession session, JournalReplay replay)
    {
        int tenant = 0;
        Guid after = Guid.Empty;
        while (true)
        {
            IReadOnlyList<PendingRow> page = await session.QueryAsync<PendingRow>(Pendings, new { tenant, after, limit = PageSize });
            foreach (PendingRow row in page)
            {
                replay.Compare(row.ToPending());
            }

            if (page.Count < PageSize)
            {
                return;
            }

            tenant = page[^1].TenantId;
            after = page[^1].Id;
        }
    }

    private static void Add(DbCommand command, string name, object value)
    {
        DbParameter parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }

    private sealed class TenantRow
    {
        public int Id { get; init; }

        public string Slug { get; init; } = "";
    }

    private sealed class PendingRow
    {
        public int TenantId { get; init; }

        public Guid Id { get; init; }

        public long Sequence { get; init; }

        public long DebitKey { get; init; }

        public long CreditKey { get; init; }

        public long AmountMinor { get; init; }

        public long? ExpiresAt { get; init; }

        public PendingState State { get; init; }

        public long SettledBySequence { get; init; }

        public PendingTransfer ToPending() => new()
        {
            Tenant = new TenantId(TenantId),
            Id = Storage.Uuid.ToUInt128(Id),
            Sequence = Sequence,
            DebitKey = DebitKey,
            CreditKey = CreditKey,
            AmountMinor = AmountMinor,
            ExpiresAt = ExpiresAt,
            State = State,
            SettledBySequence = SettledBySequence,
        };
    }
}
