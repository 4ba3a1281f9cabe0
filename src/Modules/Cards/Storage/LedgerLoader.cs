using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;

namespace Iskra.Modules.Cards.Storage;

/// <summary>
/// Takes the ledger over at a start: a new epoch shuts other writers out, then the journal's tail brings the accounts up to date.
/// </summary>
internal static class LedgerLoader
{
    private const string TakeOver = """
        update cards_ledger set epoch = epoch + 1 where shard = 0
        returning epoch, last_sequence, block, hash, posted_at, recovery_sequence, account_count
        """;

    private const string TailAccounts = $"""
        select {AccountRow.Columns} from cards_accounts where key in (
            select debit_key from cards_journal where sequence > @from union select credit_key from cards_journal where sequence > @from)
        """;

    private const string TailEntries = """
        select sequence, kind, debit_key, credit_key, amount_minor, released_minor from cards_journal
        where sequence > @from order by sequence limit @limit
        """;

    /// <summary>One step into the unique index for each tenant that has an entry, whatever the journal's length.</summary>
    private const string LargestIds = """
        with recursive holders (tenant_id) as (
            select min(tenant_id) from cards_journal
            union all
            select (select min(j.tenant_id) from cards_journal j where j.tenant_id > h.tenant_id) from holders h
            where h.tenant_id is not null
        )
        select h.tenant_id, (select j.id from cards_journal j where j.tenant_id = h.tenant_id order by j.id desc limit 1) as id
        from holders h where h.tenant_id is not null
        """;

    private const int PageSize = 50_000;

    /// <summary>Returns how many entries were replayed.</summary>
    public static async Task<long> LoadAsync(Database database, LedgerCore core, CancellationToken cancellationToken)
    {
        LedgerHead head = await database.WriteAsync(
            async session => (await session.QuerySingleOrDefaultAsync<HeadRow>(TakeOver))?.ToHead()
                ?? throw new LedgerInvariantException("The ledger's head row is missing."),
            cancellationToken);
        return await database.ReadAsync(
            async session =>
            {
                IReadOnlyList<LargestRow> largest = await session.QueryAsync<LargestRow>(LargestIds);
                core.Reset(head, largest.Select(row => new LedgerId(new TenantId(row.TenantId), Uuid.ToUInt128(row.Id))));
                return await ReplayAsync(session, core, head);
            },
            cancellationToken);
    }

    private static async Task<long> ReplayAsync(DbSession session, LedgerCore core, LedgerHead head)
    {
        Dictionary<long, long> asOf = [];
        Dictionary<long, LedgerAccount> accounts = [];
        foreach (AccountRow row in await session.QueryAsync<AccountRow>(TailAccounts, new { from = head.RecoverySequence }))
        {
            accounts.Add(row.Key, row.ToAccount());
            asOf.Add(row.Key, row.AsOfSequence);
        }

        long replayed = 0;
        long from = head.RecoverySequence;
        while (true)
        {
            IReadOnlyList<EntryRow> page = await session.QueryAsync<EntryRow>(TailEntries, new { from, limit = PageSize });
            foreach (EntryRow entry in page)
            {
                LedgerAccount debit = accounts[entry.DebitKey];
                LedgerAccount credit = accounts[entry.CreditKey];
                if (entry.Sequence > asOf[debit.Key])
                {
                    JournalFold.ApplyDebit(entry.Kind, entry.AmountMinor, entry.ReleasedMinor, ref debit.Current);
                    Mark(core, debit, entry.Sequence);
                }

                if (entry.Sequence > asOf[credit.Key])
                {
                    JournalFold.ApplyCredit(entry.Kind, entry.AmountMinor, entry.ReleasedMinor, ref credit.Current);
                    Mark(core, credit, entry.Sequence);
                }
            }

            replayed += page.Count;
            if (page.Count < PageSize)
            {
                break;
            }

            from = page[^1].Sequence;
        }

        foreach (LedgerAccount account in accounts.Values)
        {
            core.Load(account);
        }

        return replayed;
    }

    private static void Mark(LedgerCore core, LedgerAccount account, long sequence)
    {
        account.LastSequence = sequence;
        core.MarkDirty(account, sequence);
    }

    private sealed class LargestRow
    {
        public int TenantId { get; init; }

        public Guid Id { get; init; }
    }

    private sealed class EntryRow
    {
        public long Sequence { get; init; }

        public TransferKind Kind { get; init; }

        public long DebitKey { get; init; }

        public long CreditKey { get; init; }

        public long AmountMinor { get; init; }

        public long ReleasedMinor { get; init; }
    }
}
