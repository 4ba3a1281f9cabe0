using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;
using Npgsql;
using NpgsqlTypes;

namespace Iskra.Modules.Cards.Storage;

/// <summary>PostgreSQL: COPY for the journal, arrays for the rest; a handful of round trips per commit, whatever its size.</summary>
internal sealed class PostgresLedgerStore : ILedgerStore
{
    private const string CopyEntries = """
        copy cards_journal (sequence, id, kind, debit_key, credit_key, amount_minor, released_minor, pending_sequence,
            timeout_seconds, code, reference, occurred_at, posted_at, debit_previous, credit_previous, debit_net_after, credit_net_after,
            tenant_id)
        from stdin (format binary)
        """;

    private const string MoveHead = """
        update cards_ledger set last_sequence = $1, block = $2, hash = $3, posted_at = $4, recovery_sequence = $5, account_count = $6
        where shard = 0 and epoch = $7 and last_sequence = $8
        """;

    private const string InsertBlock =
        "insert into cards_blocks (block, first_sequence, last_sequence, posted_at, hash) values ($1, $2, $3, $4, $5)";

    private const string InsertAccounts = """
        insert into cards_accounts (key, id, name, name_search, kind, currency, flags, overdraft_limit_minor, created_at, tenant_id)
        select * from unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::smallint[], $6::text[], $7::integer[], $8::bigint[],
            $9::bigint[], $10::integer[])
        """;

    private const string UpdateAccounts = """
        update cards_accounts a set debits_pending = u.dp, debits_posted = u.dd, credits_pending = u.cp, credits_posted = u.cd,
            last_sequence = u.last, as_of_sequence = $7
        from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[]) as u(key, dp, dd, cp, cd, last)
        where a.key = u.key
        """;

    private const string InsertPendings = """
        insert into cards_pendings (id, sequence, debit_key, credit_key, amount_minor, expires_at, tenant_id, state, settled_by_sequence)
        select u.*, 0, 0
        from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::integer[]) as u
        """;

    private const string SettlePendings = """
        update cards_pendings p set state = u.state, settled_by_sequence = u.settled
        from unnest($1::integer[], $2::uuid[], $3::smallint[], $4::bigint[]) as u(tenant_id, id, state, settled)
        where p.tenant_id = u.tenant_id and p.id = u.id and p.state = 0
        """;

    private const string FindTransfers = """
        select j.id, j.sequence, j.kind, d.id, c.id, j.amount_minor, j.released_minor, d.currency, p.id, j.timeout_seconds, j.code,
            j.reference, j.occurred_at, j.tenant_id
        from unnest($1::integer[], $2::uuid[]) as u(tenant_id, id)
        join cards_journal j on j.tenant_id = u.tenant_id and j.id = u.id
        join cards_accounts d on d.key = j.debit_key join cards_accounts c on c.key = j.credit_key
        left join cards_journal p on p.sequence = j.pending_sequence
        """;

    private const string FindPendings = """
        select p.id, p.sequence, p.debit_key, p.credit_key, p.amount_minor, p.expires_at, p.state, p.settled_by_sequence, p.tenant_id
        from unnest($1::integer[], $2::uuid[]) as u(tenant_id, id)
        join cards_pendings p on p.tenant_id = u.tenant_id and p.id = u.id
        """;

    private const string FindAccounts = $"""
        select {AccountRow.Columns} from cards_accounts
        where key = any($3) or key in (
            select a.key from unnest($1::integer[], $2::uuid[]) as u(tenant_id, id)
            join cards_accounts a on a.tenant_id = u.tenant_id and a.id = u.id)
        """;

    public async Task AppendAsync(DbSession session, LedgerCommit commit)
    {
        NpgsqlConnection connection = (NpgsqlConnection)session.Connection;
        if (commit.Count > 0)
        {
            await CopyAsync(connection, commit);
        }

        await using NpgsqlBatch batch = new(connection, (NpgsqlTransaction?)session.Transaction);
        Add(
            batch,
            MoveHead,
            commit.LastSequence,
            commit.Block,
            commit.Hash,
            commit.PostedAt,
            commit.RecoverySequence,
            commit.AccountCount,
            commit.Epoch,
            commit.PreviousSequence);
        AddAccounts(batch, commit);
        AddPendings(batch, commit);
        if (commit.Count > 0)
        {
            Add(batch, InsertBlock, commit.Block, commit.PreviousSequence + 1, commit.LastSequence, commit.PostedAt, commit.Hash);
        }

        await batch.ExecuteNonQueryAsync();
        if (batch.BatchCommands[0].RecordsAffected != 1)
        {
            throw new LedgerFencedException();
        }

        foreach (NpgsqlBatchCommand command in batch.BatchCommands)
        {
            if (command.CommandText == SettlePendings && command.RecordsAffected != commit.SettledPendings.Count)
            {
                throw new LedgerInvariantException("A pending transfer was settled twice.");
            }
        }
    }

    public async Task AnswerAsync(DbSession session, LedgerCore core)
    {
        NpgsqlConnection connection = (NpgsqlConnection)session.Connection;
        Prefetched known = core.Known;
        HashSet<long> keys = [];
        if (known.PendingIds.Count > 0)
        {
            await FindPendingsAsync(connection, core, keys);
        }

        if (known.TransferIds.Count > 0)
        {
            await using NpgsqlCommand command = Command(connection, FindTransfers, Tenants(known.TransferIds), Guids(known.TransferIds));
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                known.Transfers[new LedgerId(new TenantId(reader.GetInt32(13)), Uuid.ToUInt128(reader.GetGuid(0)))] = ReadTransfer(reader);
            }
        }

        if (known.AccountIds.Count + keys.Count > 0)
        {
            await using NpgsqlCommand command = Command(
                connection, FindAccounts, Tenants(known.AccountIds), Guids(known.AccountIds), keys.ToArray());
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                core.Load(ReadAccount(reader));
            }
        }
    }

    private static async Task FindPendingsAsync(NpgsqlConnection connection, LedgerCore core, HashSet<long> keys)
    {
        Prefetched known = core.Known;
        await using NpgsqlCommand command = Command(
            connection, FindPendings, Tenants(known.PendingIds), Guids(known.PendingIds));
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            PendingTransfer pending = ReadPending(reader);
            known.Pendings[pending.LedgerId] = pending;
            AddMissing(core, keys, pending.DebitKey);
            AddMissing(core, keys, pending.CreditKey);
        }

        // What is not pending may be another kind of transfer: the caller is told which.
        foreach (LedgerId id in known.PendingIds)
        {
            if (!known.Pendings.ContainsKey(id))
            {
                known.TransferIds.Add(id);
            }
        }
    }

    private static void AddMissing(LedgerCore core, HashSet<long> keys, long key)
    {
        if (core.Accounts.FindByKey(key) is null)
        {
            keys.Add(key);
        }
    }

    private static async Task CopyAsync(NpgsqlConnection connection, LedgerCommit commit)
    {
        await using NpgsqlBinaryImporter importer = await connection.BeginBinaryImportAsync(CopyEntries);
        WriteEntries(importer, commit);
        await importer.CompleteAsync();
    }

    // Writes go to the connection's buffer: only its flushes touch the network, so the synchronous calls are the fast ones.
    private static void WriteEntries(NpgsqlBinaryImporter importer, LedgerCommit commit)
    {
        foreach (ref readonly JournalEntry entry in commit.Entries)
        {
            importer.StartRow();
            importer.Write(entry.Sequence, NpgsqlDbType.Bigint);
            importer.Write(Uuid.ToGuid(entry.Id), NpgsqlDbType.Uuid);
            importer.Write((short)entry.Kind, NpgsqlDbType.Smallint);
            importer.Write(entry.Debit.Key, NpgsqlDbType.Bigint);
            importer.Write(entry.Credit.Key, NpgsqlDbType.Bigint);
            importer.Write(entry.AmountMinor, NpgsqlDbType.Bigint);
            importer.Write(entry.ReleasedMinor, NpgsqlDbType.Bigint);
            importer.Write(entry.PendingSequence, NpgsqlDbType.Bigint);
            importer.Write(entry.TimeoutSeconds, NpgsqlDbType.Integer);
            importer.Write(entry.Code, NpgsqlDbType.Integer);
            WriteOptional(importer, entry.Reference);
            WriteOptional(importer, entry.OccurredAt);
            importer.Write(entry.PostedAt, NpgsqlDbType.Bigint);
            importer.Write(entry.DebitPrevious, NpgsqlDbType.Bigint);
            importer.Write(entry.CreditPrevious, NpgsqlDbType.Bigint);
            importer.Write(entry.DebitNetAfter, NpgsqlDbType.Bigint);
            importer.Write(entry.CreditNetAfter, NpgsqlDbType.Bigint);
            importer.Write(entry.Tenant.Value, NpgsqlDbType.Integer);
        }
    }

    private static void WriteOptional(NpgsqlBinaryImporter importer, string? value)
    {
        if (value is null)
        {
            importer.WriteNull();
        }
        else
        {
            importer.Write(value, NpgsqlDbType.Text);
        }
    }

    private static void WriteOptional(NpgsqlBinaryImporter importer, long? value)
    {
        if (value is null)
        {
            importer.WriteNull();
        }
        else
        {
            importer.Write(value.Value, NpgsqlDbType.Bigint);
        }
    }

    private static void AddAccounts(NpgsqlBatch batch, LedgerCommit commit)
    {
        if (commit.NewAccounts.Count > 0)
        {
            List<NewAccount> created = commit.NewAccounts;
            Add(
                batch,
                InsertAccounts,
                Column(created, a => a.Account.Key),
                Column(created, a => Uuid.ToGuid(a.Account.Id)),
                Column(created, a => a.Name),
                Column(created, a => a.Name.ToUpperInvariant()),
                Column(created, a => (short)a.Account.Kind),
                Column(created, a => a.Account.Currency),
                Column(created, a => (int)a.Account.Flags),
                Column(created, a => a.Account.OverdraftLimitMinor),
                Column(created, a => a.CreatedAt),
                Column(created, a => a.Account.Tenant.Value));
        }

        if (commit.AccountsToStore.Count > 0)
        {
            List<LedgerAccount> accounts = commit.AccountsToStore;
            Add(
                batch,
                UpdateAccounts,
                Column(accounts, a => a.Key),
                Column(accounts, a => a.Current.DebitsPending),
                Column(accounts, a => a.Current.DebitsPosted),
                Column(accounts, a => a.Current.CreditsPending),
                Column(accounts, a => a.Current.CreditsPosted),
                Column(accounts, a => a.LastSequence),
                commit.LastSequence);
        }
    }

    private static void AddPendings(NpgsqlBatch batch, LedgerCommit commit)
    {
        if (commit.NewPendings.Count > 0)
        {
            List<PendingTransfer> pendings = commit.NewPendings;
            Add(
                batch,
                InsertPendings,
                Column(pendings, p => Uuid.ToGuid(p.Id)),
                Column(pendings, p => p.Sequence),
                Column(pendings, p => p.DebitKey),
                Column(pendings, p => p.CreditKey),
                Column(pendings, p => p.AmountMinor),
                Column(pendings, p => p.ExpiresAt),
                Column(pendings, p => p.Tenant.Value));
        }

        if (commit.SettledPendings.Count > 0)
        {
            List<PendingTransfer> settled = commit.SettledPendings;
            Add(
                batch,
                SettlePendings,
                Column(settled, p => p.Tenant.Value),
                Column(settled, p => Uuid.ToGuid(p.Id)),
                Column(settled, p => (short)p.State),
                Column(settled, p => p.SettledBySequence));
        }
    }

    private static TOut[] Column<TIn, TOut>(List<TIn> rows, Func<TIn, TOut> value)
    {
        TOut[] column = new TOut[rows.Count];
        for (int index = 0; index < column.Length; index++)
        {
            column[index] = value(rows[index]);
        }

        return column;
    }

    private static void Add(NpgsqlBatch batch, string sql, params object[] values)
    {
        NpgsqlBatchCommand command = new(sql);
        foreach (object value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        batch.BatchCommands.Add(command);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] values)
    {
        NpgsqlCommand command = new(sql, connection);
        foreach (object value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }

    private static int[] Tenants(HashSet<LedgerId> ids) => ids.Select(id => id.Tenant.Value).ToArray();

    private static Guid[] Guids(HashSet<LedgerId> ids) => ids.Select(id => Uuid.ToGuid(id.Id)).ToArray();

    private static PendingTransfer ReadPending(NpgsqlDataReader row) => new()
    {
        Tenant = new TenantId(row.GetInt32(8)),
        Id = Uuid.ToUInt128(row.GetGuid(0)),
        Sequence = row.GetInt64(1),
        DebitKey = row.GetInt64(2),
        CreditKey = row.GetInt64(3),
        AmountMinor = row.GetInt64(4),
        ExpiresAt = row.IsDBNull(5) ? null : row.GetInt64(5),
        State = (PendingState)row.GetInt16(6),
        SettledBySequence = row.GetInt64(7),
    };

    private static StoredTransfer ReadTransfer(NpgsqlDataReader row) => new()
    {
        Sequence = row.GetInt64(1),
        Kind = (TransferKind)row.GetInt16(2),
        DebitAccountId = Uuid.ToUInt128(row.GetGuid(3)),
        CreditAccountId = Uuid.ToUInt128(row.GetGuid(4)),
        AmountMinor = row.GetInt64(5),
        ReleasedMinor = row.GetInt64(6),
        Currency = row.GetString(7),
        PendingId = row.IsDBNull(8) ? 0 : Uuid.ToUInt128(row.GetGuid(8)),
        TimeoutSeconds = row.GetInt32(9),
        Code = row.GetInt32(10),
        Reference = row.IsDBNull(11) ? null : row.GetString(11),
        OccurredAt = row.IsDBNull(12) ? null : row.GetInt64(12),
    };

    private static LedgerAccount ReadAccount(NpgsqlDataReader row) => new()
    {
        Key = row.GetInt64(0),
        Tenant = new TenantId(row.GetInt32(14)),
        Id = Uuid.ToUInt128(row.GetGuid(1)),
        Kind = (AccountKind)row.GetInt16(3),
        Currency = string.Intern(row.GetString(4)),
        Flags = (AccountFlags)row.GetInt32(5),
        OverdraftLimitMinor = row.GetInt64(6),
        Current = new Balances(row.GetInt64(8), row.GetInt64(9), row.GetInt64(10), row.GetInt64(11)),
        LastSequence = row.GetInt64(12),
    };
}
