using Iskra.Modules.Cards;
using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Modules.Cards.Storage;
using Iskra.Modules.Cards.Verification;
using Iskra.Platform.Data;
using Iskra.Platform.Data.Schema;
using Iskra.Platform.Hosting;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.Logging.Abstractions;

namespace Iskra.Cards.Tests.Tenancy;

/// <summary>A store from before there were tenants: its rows become the default tenant's, and its hash chain still holds.</summary>
public abstract class TenantMigrationTests : StoreTests
{
    private static readonly Guid Debit = Guid.CreateVersion7();
    private static readonly Guid Credit = Guid.CreateVersion7();
    private static readonly Guid Card = Guid.CreateVersion7();
    private static readonly UInt128 Posted = Uuid.ToUInt128(Guid.CreateVersion7());
    private static readonly UInt128 Held = Posted + 1;

    [Fact]
    public async Task Open_StoreOfTheFirstVersion_GoesOnWhereItWas()
    {
        await FillAsync();
        await using LedgerHarness ledger = await LedgerHarness.StartAsync(Options);
        VerificationReport before = await LedgerVerifier.RunAsync(ledger.Database, TimeProvider.System, null, CancellationToken.None);
        Assert.Empty(before.Differences);
        Assert.Equal((2, 1, 1), (before.Entries, before.OpenPendings, before.Tenants.Count));

        TransferRequest again = LedgerHarness.Transfer(Debit, Credit, 500, Uuid.ToGuid(Posted));
        Assert.Equal(TransferStatus.Exists, await ledger.PostAsync(again));
        Assert.Equal(TransferStatus.DebitAccountNotFound, await ledger.PostAsync(again, new TenantId(2)));
        TransferRequest settle = new() { Id = Held + 1, Kind = TransferKind.PostPending, PendingId = Held };
        Assert.Equal(TransferStatus.Ok, await ledger.PostAsync(settle));
        Assert.Equal(540, (await ledger.BalancesAsync(Credit)).CreditsPosted);
        (int Tenant, Guid Card)[] lookups =
        [
            .. (await ledger.Database.ReadAsync(
                session => session.QueryAsync<LookupRow>("select tenant_id, card_id from cards_card_lookups")))
                .Select(row => (row.TenantId, row.CardId)),
        ];
        Assert.Equal([(1, Card)], lookups);
        Assert.Equal(9, await ledger.Database.ReadAsync(
            session => session.ScalarAsync<long>("select rows_done from cards_imports where tenant_id = 1")));
        Assert.Empty((await LedgerVerifier.RunAsync(ledger.Database, TimeProvider.System, null, CancellationToken.None)).Differences);
    }

    private async Task FillAsync()
    {
        IReadOnlyList<Migration> old =
        [
            .. MigrationReader.Read([MigrationSet.Platform, new CardsModule().Migrations])
                .Where(migration => migration.Module != "cards" || migration.Version < 3),
        ];
        await using Database database = await Database.OpenAsync(
            Options, old, StoreAccess.Exclusive, TimeProvider.System, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
        byte[] hash = new JournalHash().Next(
            JournalHash.Genesis, [Entry(1, Posted, TransferKind.Post, 500), Entry(2, Held, TransferKind.Pending, 40)]);
        await database.WriteAsync(async session =>
        {
            foreach ((long key, Guid id) in new[] { (1L, Debit), (2L, Credit) })
            {
                await session.ExecuteAsync(
                    """
                    insert into cards_accounts (key, id, name, name_search, kind, currency, flags, overdraft_limit_minor, created_at)
                    values (@key, @id, 'a', 'A', 1, 'RUB', 0, 0, 5)
                    """,
                    new { key, id });
            }

            const string Insert = """
                insert into cards_journal (sequence, id, kind, debit_key, credit_key, amount_minor, released_minor, pending_sequence,
                    timeout_seconds, code, posted_at, debit_previous, credit_previous, debit_net_after, credit_net_after)
                values (@sequence, @id, @kind, 1, 2, @amount, 0, 0, 0, 0, 5, @previous, @previous, 500, -500)
                """;
            await session.ExecuteAsync(Insert, new { sequence = 1L, id = Uuid.ToGuid(Posted), kind = 1, amount = 500L, previous = 0L });
            await session.ExecuteAsync(Insert, new { sequence = 2L, id = Uuid.ToGuid(Held), kind = 2, amount = 40L, previous = 1L });
            await session.ExecuteAsync(
                """
                insert into cards_pendings (id, sequence, debit_key, credit_key, amount_minor, state, settled_by_sequence)
                values (@id, 2, 1, 2, 40, 0, 0)
                """,
                new { id = Uuid.ToGuid(Held) });
            await session.ExecuteAsync("insert into cards_blocks values (1, 1, 2, 5, @hash)", new { hash });
            await session.ExecuteAsync(
                "update cards_ledger set last_sequence = 2, block = 1, hash = @hash, posted_at = 5, account_count = 2", new { hash });
            await session.ExecuteAsync(
                """
                insert into cards_cards (id, account_key, number_encrypted, bin, last4, expiry_month, expiry_year, created_at)
                values (@Card, 1, @hash, '411111', '1111', 1, 2030, 5)
                """,
                new { Card, hash });
            await session.ExecuteAsync("insert into cards_card_lookups values (@hash, 1, @Card)", new { hash, Card });
            await session.ExecuteAsync("insert into cards_imports values (@hash, 9, 9, 0, 0, 0, 0, 5, null)", new { hash });
        });
    }

    private static JournalEntry Entry(long sequence, UInt128 id, TransferKind kind, long amount) => new()
    {
        Sequence = sequence,
        Tenant = TenantId.Default,
        Id = id,
        Kind = kind,
        Debit = Account(Debit),
        Credit = Account(Credit),
        AmountMinor = amount,
        PostedAt = 5,
    };

    private static LedgerAccount Account(Guid id) => new()
    {
        Key = 0,
        Tenant = TenantId.Default,
        Id = Uuid.ToUInt128(id),
        Kind = AccountKind.Liability,
        Currency = "RUB",
        Flags = AccountFlags.None,
        OverdraftLimitMinor = 0,
    };

    private sealed class LookupRow
    {
        public int TenantId { get; init; }

        public Guid CardId { get; init; }
    }
}

public sealed class SqliteTenantMigrationTests : TenantMigrationTests
{
    private protected override DatabaseEngine Engine => DatabaseEngine.Sqlite;
}

public sealed class PostgresTenantMigrationTests : TenantMigrationTests
{
    private protected override DatabaseEngine Engine => DatabaseEngine.Postgres;
}
