using Iskra.Modules.Cards.Accounts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Modules.Cards.Storage;
using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;

namespace Iskra.Modules.Cards.Transfers;

/// <summary>
/// Reads the journal newest first. One account's lines are found by walking the links between them, all others by the journal's own
/// order; either way a request looks at a bounded number of lines and hands out a cursor where it stopped.
/// </summary>
internal sealed class TransferQueries
{
    /// <summary>Lines that one request may look at.</summary>
    private const int LinesPerRequestMax = 100_000;

    private const int WalkPage = 500;

    private const string Walk = $"""
        with recursive walk(sequence, step) as (
            select cast(@start as bigint), 1
            union all
            select case when j.debit_key = @key then j.debit_previous else j.credit_previous end, w.step + 1
            from walk w join cards_journal j on j.sequence = w.sequence
            where w.step < @steps and (j.debit_key = @key or j.credit_key = @key)
        )
        {TransferRow.Select}
        join walk w on w.sequence = j.sequence
        where (j.debit_key = @key or j.credit_key = @key) and j.tenant_id = @tenant
        order by j.sequence desc
        """;

    private readonly Database _database;
    private readonly AccountQueries _accounts;

    public TransferQueries(Database database, AccountQueries accounts)
    {
        _database = database;
        _accounts = accounts;
    }

    public Task<TransferItem?> FindAsync(TenantId tenant, Guid id, CancellationToken cancellationToken) => _database.ReadAsync(
        async session =>
        {
            string byId = $"{TransferRow.Select} where j.tenant_id = @tenant and j.id = @id";
            return (await session.QuerySingleOrDefaultAsync<TransferRow>(byId, new { tenant = tenant.Value, id }))?.ToItem();
        },
        cancellationToken);

    /// <summary>An account's lines from <paramref name="start"/> (or its newest one) backwards.</summary>
    public async Task<LinePage?> WalkAsync(
        TenantId tenant, TransferFilter filter, long? start, int limit, CancellationToken cancellationToken)
    {
        (AccountRow Row, CommittedState State)? account = await _accounts.FindAsync(
            tenant, filter.AccountId!.Value, cancellationToken);
        if (account is not { } found)
        {
            return null;
        }

        long next = start ?? found.State.LastSequence;
        List<TransferRow> lines = [];
        for (int looked = 0; next > 0 && looked < LinesPerRequestMax && lines.Count < limit;)
        {
            bool takesAll = filter == new TransferFilter { AccountId = filter.AccountId };
            int steps = takesAll ? limit - lines.Count : WalkPage;
            IReadOnlyList<TransferRow> rows = await _database.ReadAsync(
                session => session.QueryAsync<TransferRow>(
                    Walk, new { tenant = tenant.Value, start = next, key = found.Row.Key, steps }),
                cancellationToken);
            looked += steps;
            next = Take(rows, filter, found.Row.Key, limit, lines);
        }

        return new LinePage(found.Row, lines, next);
    }

    /// <summary>All lines before <paramref name="before"/> (or the newest ones) that match.</summary>
    public Task<LinePage> ScanAsync(
        TenantId tenant, TransferFilter filter, long? before, int limit, CancellationToken cancellationToken) =>
        _database.ReadAsync(
            async session =>
            {
                long end = before ?? await session.ScalarAsync<long>("select last_sequence from cards_ledger where shard = 0") + 1;
                if (filter.To is { } to)
                {
                    end = Math.Min(end, await FirstAfterAsync(session, to, end));
                }

                long start = filter.From is { } from ? await FirstAfterAsync(session, from - 1, end) : 1;
                long windowStart = Math.Max(start, await WindowStartAsync(session, tenant, end));
                string where = $"{OfTenant(tenant)} and j.sequence >= @windowStart and j.sequence < @end"
                    + (filter.Kind is null ? "" : " and j.kind = @Kind")
                    + (filter.Currency is null ? "" : " and d.currency = @Currency")
                    + (filter.MinAmountMinor is null ? "" : " and j.amount_minor >= @MinAmountMinor")
                    + (filter.MaxAmountMinor is null ? "" : " and j.amount_minor <= @MaxAmountMinor");
                IReadOnlyList<TransferRow> rows = await session.QueryAsync<TransferRow>(
                    $"{TransferRow.Select} where {where} order by j.sequence desc limit @limit",
                    new
                    {
                        tenant = tenant.Value,
                        windowStart,
                        end,
                        limit,
                        filter.Kind,
                        filter.Currency,
                        filter.MinAmountMinor,
                        filter.MaxAmountMinor,
                    });
                long stopped = rows.Count == limit ? rows[^1].Sequence : windowStart;
                return new LinePage(null, rows, stopped > start ? stopped : 0);
            },
            cancellationToken);

    /// <summary>The second condition says to the planner what it can't know of a parameter: that the index of other tenants fits.</summary>
    internal static string OfTenant(TenantId tenant) =>
        tenant == TenantId.Default ? "j.tenant_id = @tenant" : "j.tenant_id = @tenant and j.tenant_id <> 1";

    /// <summary>Where a request stops looking: it looks at the tenant's own lines, however many of others lie between them.</summary>
    private static async Task<long> WindowStartAsync(DbSession session, TenantId tenant, long end)
    {
        if (tenant == TenantId.Default)
        {
            return end - LinesPerRequestMax;
        }

        string farthest = $"""
            select j.sequence from cards_journal j where {OfTenant(tenant)} and j.sequence < @end
            order by j.sequence desc limit 1 offset @skipped
            """;
        return await session.ScalarAsync<long>(farthest, new { tenant = tenant.Value, end, skipped = LinesPerRequestMax - 1 });
    }

    private static long Take(IReadOnlyList<TransferRow> rows, TransferFilter filter, long key, int limit, List<TransferRow> lines)
    {
        foreach (TransferRow row in rows)
        {
            // Lines are in the order of time: before the beginning there is nothing left to find.
            if (filter.From is { } from && row.PostedAt < from)
            {
                return 0;
            }

            if (lines.Count == limit)
            {
                return row.Sequence;
            }

            if (filter.Matches(row))
            {
                lines.Add(row);
            }
        }

        return rows.Count == 0 ? 0 : rows[^1].DebitKey == key ? rows[^1].DebitPrevious : rows[^1].CreditPrevious;
    }

    /// <summary>
    /// The first sequence below <paramref name="end"/> that was posted after the instant, by bisection: instants never decrease.
    /// </summary>
    private static async Task<long> FirstAfterAsync(DbSession session, long instant, long end)
    {
        long low = 1;
        long high = end;
        while (low < high)
        {
            long middle = low + ((high - low) / 2);
            long posted = await session.ScalarAsync<long>(
                "select posted_at from cards_journal where sequence = @middle", new { middle });
            if (posted > instant)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}

/// <summary>Lines of the journal, newest first.</summary>
/// <param name="Account">The account that was walked.</param>
/// <param name="Lines">What matched.</param>
/// <param name="Next">Where to go on, 0 at the end.</param>
internal sealed record LinePage(AccountRow? Account, IReadOnlyList<TransferRow> Lines, long Next);
