using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Modules.Cards.Posting;
using Iskra.Modules.Cards.Storage;
using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;

namespace Iskra.Modules.Cards.Accounts;

/// <summary>
/// Reads accounts with exact balances: from memory where this process writes the ledger, else the row and the journal's tail, through the
/// cache when it is one account.
/// </summary>
internal sealed class AccountQueries
{
    private const string ById = $"select {AccountRow.Columns} from cards_accounts where tenant_id = @tenant and id = @id";

    private const string Tail = """
        select kind, debit_key, amount_minor, released_minor, sequence from cards_journal
        where sequence > @from and (debit_key = @key or credit_key = @key) order by sequence
        """;

    private const int NamesPerQuery = 500;

    private readonly Database _database;
    private readonly PostingPipeline _pipeline;
    private readonly BalanceCache _cache;

    public AccountQueries(Database database, PostingPipeline pipeline, BalanceCache cache)
    {
        _database = database;
        _pipeline = pipeline;
        _cache = cache;
    }

    /// <summary>The row for what never changes (its sums may be old), the state for the balance.</summary>
    public async Task<(AccountRow Row, CommittedState State)?> FindAsync(
        TenantId tenant, Guid id, CancellationToken cancellationToken)
    {
        if (_pipeline.IsReady)
        {
            AccountRow? row = await _cache.RowAsync(tenant, id, ReadRowAsync, cancellationToken);
            if (row is null)
            {
                return null;
            }

            if (FindInMemory(tenant, id) is { } state)
            {
                return (row, state);
            }
        }

        StoredBalance? balance = await _cache.BalanceAsync(tenant, id, ReadBalanceAsync, cancellationToken);
        return balance is null ? null : (balance.Row, balance.ToState());
    }

    public Task<IReadOnlyList<AccountItem>> ListAsync(AccountFilter filter, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<AccountItem>>(
            async session =>
            {
                string where = "tenant_id = @TenantId and key > @AfterKey"
                    + (filter.Currency is null ? "" : " and currency = @Currency")
                    + (filter.Kind is null ? "" : " and kind = @Kind")
                    + (filter.NamePattern is null ? "" : " and name_search like @NamePattern escape '!'");
                IReadOnlyList<AccountRow> rows = await session.QueryAsync<AccountRow>(
                    $"select {AccountRow.Columns} from cards_accounts where {where} order by key limit @Rows", filter);
                List<AccountItem> items = new(rows.Count);
                foreach (AccountRow row in rows)
                {
                    items.Add(AccountItem.From(row, await StateAsync(session, row)));
                }

                return items;
            },
            cancellationToken);

    /// <summary>The list's key of an account, for cursors; 0 when there is none.</summary>
    public Task<long> KeyOfAsync(TenantId tenant, Guid id, CancellationToken cancellationToken) =>
        _database.ReadAsync(
            session => session.ScalarAsync<long>(
                "select key from cards_accounts where tenant_id = @tenant and id = @id", new { tenant = tenant.Value, id }),
            cancellationToken);

    /// <summary>The names of those of the accounts that are there.</summary>
    public Task<Dictionary<Guid, string>> NamesAsync(TenantId tenant, IEnumerable<Guid> ids, CancellationToken cancellationToken) =>
        _database.ReadAsync(
            async session =>
            {
                Dictionary<Guid, string> names = [];
                foreach (Guid[] part in ids.Chunk(NamesPerQuery))
                {
                    var wanted = new { tenant = tenant.Value, ids = Ids.List(part) };
                    foreach (NameRow row in await session.QueryAsync<NameRow>(
                        "select id, name from cards_accounts where tenant_id = @tenant and id in @ids", wanted))
                    {
                        names[row.Id] = row.Name;
                    }
                }

                return names;
            },
            cancellationToken);

    private Task<AccountRow?> ReadRowAsync((TenantId Tenant, Guid Id) of, CancellationToken cancellationToken) => _database.ReadAsync(
        session => RowAsync(session, of), cancellationToken);

    private Task<StoredBalance?> ReadBalanceAsync((TenantId Tenant, Guid Id) of, CancellationToken cancellationToken) =>
        _database.ReadAsync(
            async session => await RowAsync(session, of) is { } row ? StoredBalance.Of(row, await StateAsync(session, row)) : null,
            cancellationToken);

    /// <summary>Only the process that writes the ledger has its newest state.</summary>
    private CommittedState? FindInMemory(TenantId tenant, Guid id) =>
        _pipeline.IsReady ? _pipeline.FindCommitted(tenant, Storage.Uuid.ToUInt128(id)) : null;

    private static Task<AccountRow?> RowAsync(DbSession session, (TenantId Tenant, Guid Id) of) =>
        session.QuerySingleOrDefaultAsync<AccountRow>(ById, new { tenant = of.Tenant.Value, id = of.Id });

    private async Task<CommittedState> StateAsync(DbSession session, AccountRow row)
    {
        if (FindInMemory(new TenantId(row.TenantId), row.Id) is { } state)
        {
            return state;
        }

        if (_pipeline.IsReady)
        {
            // Not in memory means not dirty: the row is complete.
            return new CommittedState(row.ToBalances(), row.LastSequence, Math.Max(row.AsOfSequence, row.LastSequence));
        }

        long recovery = await session.ScalarAsync<long>("select recovery_sequence from cards_ledger where shard = 0");
        Balances sums = row.ToBalances();
        long last = row.LastSequence;
        var tail = new { from = Math.Max(recovery, row.AsOfSequence), key = row.Key };
        foreach (TailRow entry in await session.QueryAsync<TailRow>(Tail, tail))
        {
            last = entry.Sequence;
            if (entry.DebitKey == row.Key)
            {
                JournalFold.ApplyDebit(entry.Kind, entry.AmountMinor, entry.ReleasedMinor, ref sums);
            }
            else
            {
                JournalFold.ApplyCredit(entry.Kind, entry.AmountMinor, entry.ReleasedMinor, ref sums);
            }
        }

        return new CommittedState(sums, last, last);
    }

    private sealed class NameRow
    {
        public Guid Id { get; init; }

        public string Name { get; init; } = "";
    }

    private sealed class TailRow
    {
        public TransferKind Kind { get; init; }

        public long DebitKey { get; init; }

        public long AmountMinor { get; init; }

        public long ReleasedMinor { get; init; }

        public long Sequence { get; init; }
    }
}
