using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Modules.Cards.Posting;
using Iskra.Modules.Cards.Storage;
using Iskra.Platform.Data;

namespace Iskra.Modules.Cards.Accounts;

/// <summary>
/// Reads accounts with exact balances: from memory where this process writes the ledger, else the row and the journal's tail, through the
/// cache when it is one account.
/// </summary>
internal sealed class AccountQueries
{
    private const string ById = $"select {AccountRow.Columns} from cards_accounts where id = @id";

    private const string Tail = """
        select kind, debit_key, amount_minor, released_minor, sequence from cards_journal
        where sequence > @from and (debit_key = @key or credit_key = @key) order by sequence
        """;

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
    public async Task<(AccountRow Row, CommittedState State)?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        if (_pipeline.IsReady)
        {
            AccountRow? row = await _cache.RowAsync(id, ReadRowAsync, cancellationToken);
            if (row is null)
            {
                return null;
            }

            if (FindInMemory(id) is { } state)
            {
                return (row, state);
            }
        }

        StoredBalance? balance = await _cache.BalanceAsync(id, ReadBalanceAsync, cancellationToken);
        return balance is null ? null : (balance.Row, balance.ToState());
    }

    public Task<IReadOnlyList<AccountItem>> ListAsync(AccountFilter filter, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<AccountItem>>(
            async session =>
            {
                string where = "key > @AfterKey"
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
    public Task<long> KeyOfAsync(Guid id, CancellationToken cancellationToken) =>
        _database.ReadAsync(
            session => session.ScalarAsync<long>("select key from cards_accounts where id = @id", new { id }), cancellationToken);

    public Task<bool> IsEmptyAsync(CancellationToken cancellationToken) =>
        _database.ReadAsync(
            async session => await session.ScalarAsync<long?>("select key from cards_accounts limit 1") is null, cancellationToken);

    private Task<AccountRow?> ReadRowAsync(Guid id, CancellationToken cancellationToken) => _database.ReadAsync(
        session => session.QuerySingleOrDefaultAsync<AccountRow>(ById, new { id }), cancellationToken);

    private Task<StoredBalance?> ReadBalanceAsync(Guid id, CancellationToken cancellationToken) => _database.ReadAsync(
        async session => await session.QuerySingleOrDefaultAsync<AccountRow>(ById, new { id }) is { } row
            ? StoredBalance.Of(row, await StateAsync(session, row))
            : null,
        cancellationToken);

    /// <summary>Only the process that writes the ledger has its newest state.</summary>
    private CommittedState? FindInMemory(Guid id) => _pipeline.IsReady ? _pipeline.FindCommitted(Storage.Uuid.ToUInt128(id)) : null;

    private async Task<CommittedState> StateAsync(DbSession session, AccountRow row)
    {
        if (FindInMemory(row.Id) is { } state)
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

    private sealed class TailRow
    {
        public TransferKind Kind { get; init; }

        public long DebitKey { get; init; }

        public long AmountMinor { get; init; }

        public long ReleasedMinor { get; init; }

        public long Sequence { get; init; }
    }
}
