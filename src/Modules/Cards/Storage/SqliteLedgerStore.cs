using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;

namespace Iskra.Modules.Cards.Storage;

/// <summary>SQLite: prepared statements bound directly, one step per row; there is no round trip to save.</summary>
internal sealed class SqliteLedgerStore : ILedgerStore
{
    private const string InsertEntry = """
        insert into cards_journal (sequence, id, kind, debit_key, credit_key, amount_minor, released_minor, pending_sequence,
            timeout_seconds, code, reference, occurred_at, posted_at, debit_previous, credit_previous, debit_net_after, credit_net_after,
            tenant_id)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """;

    private const string InsertAccount = """
        insert into cards_accounts (key, id, name, name_search, kind, currency, flags, overdraft_limit_minor, created_at, tenant_id)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """;

    private const string UpdateAccount = """
        update cards_accounts set debits_pending = ?, debits_posted = ?, credits_pending = ?, credits_posted = ?,
            last_sequence = ?, as_of_sequence = ? where key = ?
        """;

    private const string InsertPending = """
        insert into cards_pendings (id, sequence, debit_key, credit_key, amount_minor, expires_at, state, settled_by_sequence, tenant_id)
        values (?, ?, ?, ?, ?, ?, 0, 0, ?)
        """;

    private const string SettlePending =
        "update cards_pendings set state = ?, settled_by_sequence = ? where tenant_id = ? and id = ? and state = 0";

    private const string InsertBlock =
        "insert into cards_blocks (block, first_sequence, last_sequence, posted_at, hash) values (?, ?, ?, ?, ?)";

    private const string MoveHead = """
        update cards_ledger set last_sequence = ?, block = ?, hash = ?, posted_at = ?, recovery_sequence = ?, account_count = ?
        where shard = 0 and epoch = ? and last_sequence = ?
        """;

    private const string FindTransfer = """
        select j.sequence, j.kind, d.id, c.id, j.amount_minor, j.released_minor, d.currency, p.id, j.timeout_seconds, j.code, j.reference,
            j.occurred_at
        from cards_journal j join cards_accounts d on d.key = j.debit_key join cards_accounts c on c.key = j.credit_key
        left join cards_journal p on p.sequence = j.pending_sequence
        where j.tenant_id = ? and j.id = ?
        """;

    private const string FindPending = """
        select sequence, debit_key, credit_key, amount_minor, expires_at, state, settled_by_sequence from cards_pendings
        where tenant_id = ? and id = ?
        """;

    private const string FindAccount = $"select {AccountRow.Columns} from cards_accounts where tenant_id = ? and id = ?";

    private const string FindAccountByKey = $"select {AccountRow.Columns} from cards_accounts where key = ?";

    public Task AppendAsync(DbSession session, LedgerCommit commit)
    {
        MoveHeadOrThrow(session, commit);
        InsertAccounts(session, commit);
        InsertEntries(session, commit);
        WritePendings(session, commit);
        StoreAccounts(session, commit);
        if (commit.Count > 0)
        {
            SqliteStatement block = SqliteStatement.For(session, InsertBlock);
            block.Bind(1, commit.Block);
            block.Bind(2, commit.PreviousSequence + 1);
            block.Bind(3, commit.LastSequence);
            block.Bind(4, commit.PostedAt);
            block.Bind(5, commit.Hash);
            block.Execute();
        }

        return Task.CompletedTask;
    }

    public Task AnswerAsync(DbSession session, LedgerCore core)
    {
        Prefetched known = core.Known;
        SqliteStatement findPending = SqliteStatement.For(session, FindPending);
        foreach (LedgerId id in known.PendingIds)
        {
            BindId(findPending, 1, id);
            if (!findPending.Read())
            {
                known.TransferIds.Add(id);
                continue;
            }

            PendingTransfer pending = ReadPending(findPending, id);
            findPending.Reset();
            known.Pendings[id] = pending;
            LoadByKey(session, core, pending.DebitKey);
            LoadByKey(session, core, pending.CreditKey);
        }

        SqliteStatement findTransfer = SqliteStatement.For(session, FindTransfer);
        foreach (LedgerId id in known.TransferIds)
        {
            BindId(findTransfer, 1, id);
            if (findTransfer.Read())
            {
                known.Transfers[id] = ReadTransfer(findTransfer);
                findTransfer.Reset();
            }
        }

        SqliteStatement findAccount = SqliteStatement.For(session, FindAccount);
        foreach (LedgerId id in known.AccountIds)
        {
            BindId(findAccount, 1, id);
            if (findAccount.Read())
            {
                core.Load(ReadAccount(findAccount));
                findAccount.Reset();
            }
        }

        return Task.CompletedTask;
    }

    private static void BindId(SqliteStatement statement, int index, LedgerId id)
    {
        statement.Bind(index, (long)id.Tenant.Value);
        statement.Bind(index + 1, id.Id);
    }

    private static void LoadByKey(DbSession session, LedgerCore core, long key)
    {
        if (core.Accounts.FindByKey(key) is not null)
        {
            return;
        }

        SqliteStatement find = SqliteStatement.For(session, FindAccountByKey);
        find.Bind(1, key);
        if (find.Read())
        {
            core.Load(ReadAccount(find));
            find.Reset();
        }
    }

    private static void MoveHeadOrThrow(DbSession session, LedgerCommit commit)
    {
        SqliteStatement head = SqliteStatement.For(session, MoveHead);
        head.Bind(1, commit.LastSequence);
        head.Bind(2, commit.Block);
        head.Bind(3, commit.Hash);
        head.Bind(4, commit.PostedAt);
        head.Bind(5, commit.RecoverySequence);
        head.Bind(6, commit.AccountCount);
        head.Bind(7, commit.Epoch);
        head.Bind(8, commit.PreviousSequence);
        head.Execute();
        if (head.Changes() != 1)
        {
            throw new LedgerFencedException();
        }
    }

    private static void InsertAccounts(DbSession session, LedgerCommit commit)
    {
        SqliteStatement insert = SqliteStatement.For(session, InsertAccount);
        foreach (NewAccount created in commit.NewAccounts)
        {
            insert.Bind(1, created.Account.Key);
            insert.Bind(2, created.Account.Id);
            insert.Bind(3, created.Name);
            insert.Bind(4, created.Name.ToUpperInvariant());
            insert.Bind(5, (long)created.Account.Kind);
            insert.Bind(6, created.Account.Currency);
            insert.Bind(7, (long)created.Account.Flags);
            insert.Bind(8, created.Account.OverdraftLimitMinor);
            insert.Bind(9, created.CreatedAt);
            insert.Bind(10, (long)created.Account.Tenant.Value);
            insert.Execute();
        }
    }

    private static void InsertEntries(DbSession session, LedgerCommit commit)
    {
        SqliteStatement insert = SqliteStatement.For(session, InsertEntry);
        foreach (ref readonly JournalEntry entry in commit.Entries)
        {
            insert.Bind(1, entry.Sequence);
            insert.Bind(2, entry.Id);
            insert.Bind(3, (long)entry.Kind);
            insert.Bind(4, entry.Debit.Key);
            insert.Bind(5, entry.Credit.Key);
            insert.Bind(6, entry.AmountMinor);
            insert.Bind(7, entry.ReleasedMinor);
            insert.Bind(8, entry.PendingSequence);
            insert.Bind(9, (long)entry.TimeoutSeconds);
            insert.Bind(10, (long)entry.Code);
            insert.Bind(11, entry.Reference);
            insert.Bind(12, entry.OccurredAt);
            insert.Bind(13, entry.PostedAt);
            insert.Bind(14, entry.DebitPrevious);
            insert.Bind(15, entry.CreditPrevious);
            insert.Bind(16, entry.DebitNetAfter);
            insert.Bind(17, entry.CreditNetAfter);
            insert.Bind(18, (long)entry.Tenant.Value);
            insert.Execute();
        }
    }

    private static void WritePendings(DbSession session, LedgerCommit commit)
    {
        SqliteStatement insert = SqliteStatement.For(session, InsertPending);
        foreach (PendingTransfer pending in commit.NewPendings)
        {
            insert.Bind(1, pending.Id);
            insert.Bind(2, pending.Sequence);
            insert.Bind(3, pending.DebitKey);
            insert.Bind(4, pending.CreditKey);
            insert.Bind(5, pending.AmountMinor);
            insert.Bind(6, pending.ExpiresAt);
            insert.Bind(7, (long)pending.Tenant.Value);
            insert.Execute();
        }

        SqliteStatement settle = SqliteStatement.For(session, SettlePending);
        foreach (PendingTransfer pending in commit.SettledPendings)
        {
            settle.Bind(1, (long)pending.State);
            settle.Bind(2, pending.SettledBySequence);
            BindId(settle, 3, pending.LedgerId);
            settle.Execute();
            if (settle.Changes() != 1)
            {
                throw new LedgerInvariantException("A pending transfer was settled twice.");
            }
        }
    }

    private static void StoreAccounts(DbSession session, LedgerCommit commit)
    {
        SqliteStatement update = SqliteStatement.For(session, UpdateAccount);
        foreach (LedgerAccount account in commit.AccountsToStore)
        {
            update.Bind(1, account.Current.DebitsPending);
            update.Bind(2, account.Current.DebitsPosted);
            update.Bind(3, account.Current.CreditsPending);
            update.Bind(4, account.Current.CreditsPosted);
            update.Bind(5, account.LastSequence);
            update.Bind(6, commit.LastSequence);
            update.Bind(7, account.Key);
            update.Execute();
        }
    }

    private static PendingTransfer ReadPending(SqliteStatement row, LedgerId id) => new()
    {
        Tenant = id.Tenant,
        Id = id.Id,
        Sequence = row.Int64(0),
        DebitKey = row.Int64(1),
        CreditKey = row.Int64(2),
        AmountMinor = row.Int64(3),
        ExpiresAt = row.NullableInt64(4),
        State = (PendingState)row.Int64(5),
        SettledBySequence = row.Int64(6),
    };

    private static StoredTransfer ReadTransfer(SqliteStatement row) => new()
    {
        Sequence = row.Int64(0),
        Kind = (TransferKind)row.Int64(1),
        DebitAccountId = row.Id(2),
        CreditAccountId = row.Id(3),
        AmountMinor = row.Int64(4),
        ReleasedMinor = row.Int64(5),
        Currency = row.Text(6)!,
        PendingId = row.Id(7),
        TimeoutSeconds = (int)row.Int64(8),
        Code = (int)row.Int64(9),
        Reference = row.Text(10),
        OccurredAt = row.NullableInt64(11),
    };

    private static LedgerAccount ReadAccount(SqliteStatement row) => new()
    {
        Key = row.Int64(0),
        Tenant = new TenantId((int)row.Int64(14)),
        Id = row.Id(1),
        Kind = (AccountKind)row.Int64(3),
        Currency = string.Intern(row.Text(4)!),
        Flags = (AccountFlags)row.Int64(5),
        OverdraftLimitMinor = row.Int64(6),
        Current = new Balances(row.Int64(8), row.Int64(9), row.Int64(10), row.Int64(11)),
        LastSequence = row.Int64(12),
    };
}
