using Iskra.Modules.Cards.Accounts;
using Iskra.Modules.Cards.CardRegistry;
using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Import;
using Iskra.Modules.Cards.Ledger;
using Iskra.Modules.Cards.Storage;
using Iskra.Modules.Cards.Transfers;
using Iskra.Modules.Cards.Verification;
using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;
using Iskra.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Cards.Tests.Tenancy;

/// <summary>Two tenants that use the same ids for everything: each sees and moves its own alone.</summary>
public abstract class TenantIsolationTests : StoreTests
{
    private static readonly TenantId Ours = TenantId.Default;
    private static readonly TenantId Theirs = new(2);
    private static readonly Guid Bank = Guid.CreateVersion7();
    private static readonly Guid Shop = Guid.CreateVersion7();
    private static readonly Guid OnlyOurs = Guid.CreateVersion7();
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Post_SameIdsOfTwoTenants_AreDifferentTransfers()
    {
        await using LedgerHarness ledger = await StartAsync();
        TransferRequest transfer = LedgerHarness.Transfer(Bank, Shop, 100);
        Assert.Equal(TransferStatus.Ok, await ledger.PostAsync(transfer, Ours));
        Assert.Equal(TransferStatus.Ok, await ledger.PostAsync(transfer with { AmountMinor = 7 }, Theirs));
        Assert.Equal(TransferStatus.Exists, await ledger.PostAsync(transfer, Ours));
        Assert.Equal(TransferStatus.Exists, await ledger.PostAsync(transfer with { AmountMinor = 7 }, Theirs));
        Assert.Equal(TransferStatus.ExistsWithDifferentAmount, await ledger.PostAsync(transfer, Theirs));
        Assert.Equal(100, (await ledger.BalancesAsync(Shop, Ours)).CreditsPosted);
        Assert.Equal(7, (await ledger.BalancesAsync(Shop, Theirs)).CreditsPosted);
    }

    [Fact]
    public async Task Post_SameIdsAfterARestart_AreStillTold()
    {
        TransferRequest transfer = LedgerHarness.Transfer(Bank, Shop, 100);
        TransferRequest held = LedgerHarness.Transfer(Bank, Shop, 30, kind: TransferKind.Pending);
        await using (LedgerHarness first = await StartAsync())
        {
            await first.PostAsync(transfer, Ours);
            await first.PostAsync(held, Theirs);
        }

        await using LedgerHarness second = await LedgerHarness.StartAsync(Options);
        Assert.Equal(TransferStatus.Exists, await second.PostAsync(transfer, Ours));
        Assert.Equal(TransferStatus.Ok, await second.PostAsync(transfer, Theirs));
        Assert.Equal(TransferStatus.PendingTransferNotFound, await second.PostAsync(Settle(held), Ours));
        Assert.Equal(TransferStatus.Ok, await second.PostAsync(Settle(held), Theirs));
        Assert.Empty((await VerifyAsync(second)).Differences);
    }

    [Fact]
    public async Task Post_AnothersAccountOrReservation_IsNotThere()
    {
        await using LedgerHarness ledger = await StartAsync();
        TransferRequest held = LedgerHarness.Transfer(Bank, Shop, 30, kind: TransferKind.Pending);
        await ledger.PostAsync(held, Ours);
        Guid unknown = Guid.CreateVersion7();
        foreach (Guid account in new[] { OnlyOurs, unknown })
        {
            Assert.Equal(TransferStatus.DebitAccountNotFound, await ledger.PostAsync(LedgerHarness.Transfer(account, Shop, 1), Theirs));
            Assert.Equal(TransferStatus.CreditAccountNotFound, await ledger.PostAsync(LedgerHarness.Transfer(Bank, account, 1), Theirs));
            Assert.Null(await ledger.Accounts.FindAsync(Theirs, account, None));
        }

        Assert.Equal(TransferStatus.PendingTransferNotFound, await ledger.PostAsync(Settle(held), Theirs));
        Assert.Equal(30, (await ledger.BalancesAsync(Bank, Ours)).DebitsPending);
        Assert.Equal(default, await ledger.BalancesAsync(Bank, Theirs));
    }

    [Fact]
    public async Task Expiry_SameReservationOfTwoTenants_ReleasesBoth()
    {
        TestTimeProvider time = new();
        await using LedgerHarness ledger = await StartAsync(time);
        TransferRequest held = LedgerHarness.Transfer(Bank, Shop, 40, kind: TransferKind.Pending) with { TimeoutSeconds = 30 };
        await ledger.PostAsync(held, Ours);
        await ledger.PostAsync(held, Theirs);
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(2, await ledger.Expiry.ReleaseDueAsync(None));
        Assert.Equal(default, await ledger.BalancesAsync(Shop, Ours));
        Assert.Equal(default, await ledger.BalancesAsync(Shop, Theirs));
    }

    [Fact]
    public async Task Queries_OfAnotherTenant_ShowNothingOfOurs()
    {
        await using LedgerHarness ledger = await StartAsync();
        TransferRequest ours = LedgerHarness.Transfer(Bank, OnlyOurs, 5);
        TransferRequest theirs = LedgerHarness.Transfer(Shop, Bank, 3);
        for (int round = 0; round < 4; round++)
        {
            await ledger.PostAsync(ours with { Id = ours.Id + (UInt128)round }, Ours);
            await ledger.PostAsync(theirs with { Id = theirs.Id + (UInt128)round }, Theirs);
        }

        AccountFilter filter = new(Theirs.Value, 0, 100, null, null, null);
        Assert.Equal([Bank, Shop], (await ledger.Accounts.ListAsync(filter, None)).Select(account => account.Id));
        Assert.Equal(0, await ledger.Accounts.KeyOfAsync(Theirs, OnlyOurs, None));
        Assert.Empty(await ledger.Accounts.NamesAsync(Theirs, [OnlyOurs], None));
        Assert.Null(await ledger.Transfers.FindAsync(Theirs, Uuid.ToGuid(ours.Id), None));
        Assert.NotNull(await ledger.Transfers.FindAsync(Ours, Uuid.ToGuid(ours.Id), None));
        Assert.Null(await ledger.Transfers.WalkAsync(Theirs, new TransferFilter { AccountId = OnlyOurs }, null, 10, None));
        LinePage walked = (await ledger.Transfers.WalkAsync(Theirs, new TransferFilter { AccountId = Bank }, null, 10, None))!;
        Assert.Equal([3, 3, 3, 3], walked.Lines.Select(line => line.AmountMinor));

        // A cursor is a place in the journal: one that points at our line gives theirs nothing.
        LinePage stray = (await ledger.Transfers.WalkAsync(Theirs, new TransferFilter { AccountId = Bank }, 1, 10, None))!;
        Assert.Empty(stray.Lines);
        Assert.Equal([3, 3, 3, 3], await ScanAsync(ledger, Theirs));
        Assert.Equal([5, 5, 5, 5], await ScanAsync(ledger, Ours));
        Assert.Equal(5, (await ExportAsync(ledger, Theirs)).Count('\n'));
        Assert.DoesNotContain(OnlyOurs.ToString(), await ExportAsync(ledger, Theirs), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Register_SameCardOfTwoTenants_IsTwoCardsThatNothingLinks()
    {
        await using LedgerHarness ledger = await StartAsync();
        CardRegistryStore cards = ledger.Services.GetRequiredService<CardRegistryStore>();
        CardRegistration card = new()
        {
            Id = Guid.CreateVersion7(),
            AccountId = Shop,
            Number = "4111111111111111",
            ExpiryMonth = 12,
            ExpiryYear = 2030,
        };
        Assert.Equal(CardStatus.Ok, (await cards.RegisterAsync(Ours, card, None)).Status);
        Assert.Null(await cards.LookUpAsync(Theirs, card.Number, None));
        Assert.Null(await cards.FindAsync(Theirs, card.Id, None));
        Assert.Empty(await cards.ListAsync(Theirs, null, null, 10, None));
        Assert.Equal(CardStatus.Ok, (await cards.RegisterAsync(Theirs, card, None)).Status);
        Assert.Single(await cards.ListAsync(Theirs, card.AccountId, null, 10, None));
        IReadOnlyList<byte[]> hashes = await ledger.Database.ReadAsync(
            session => session.QueryAsync<byte[]>("select lookup_hash from cards_card_lookups"));
        Assert.Equal(2, hashes.Count);
        Assert.NotEqual(hashes[0], hashes[1]);

        // Not even the sealed number may change hands: under the same card id, too.
        await ledger.Database.WriteAsync(session => session.ExecuteAsync(
            """
            update cards_cards set number_encrypted = (select o.number_encrypted from cards_cards o where o.tenant_id = 1)
            where tenant_id = 2
            """));
        await Assert.ThrowsAnyAsync<System.Security.Cryptography.CryptographicException>(
            () => cards.LookUpAsync(Theirs, card.Number, None));
    }

    [Fact]
    public async Task Import_SameFileByTwoTenants_PostsItForBoth()
    {
        await using LedgerHarness ledger = await StartAsync();
        string file = Path.Combine(Options.Folder, "a.csv");
        await File.WriteAllTextAsync(
            file,
            "TRANSACTION_ID,TX_DATETIME,CUSTOMER_ID,TERMINAL_ID,TX_AMOUNT\n"
            + "0,2018-04-01T00:00:31,1,2,10.00\n1,2018-04-01T00:00:32,2,2,20.00\n",
            TestContext.Current.CancellationToken);
        foreach (TenantId tenant in new[] { Ours, Theirs })
        {
            ImportJob job = new(
                new ImportSettings(),
                new PipelineTarget(ledger.Pipeline, tenant, TimeProvider.System),
                new ImportCheckpoints(ledger.Database, tenant, TimeProvider.System),
                TimeProvider.System)
            {
                RejectsPath = Path.Combine(Options.Folder, "rejects.csv"),
            };
            using ImportFile text = new(file);
            ImportSummary done = await job.RunAsync(text, TestContext.Current.CancellationToken);
            Assert.Equal((2, 2, 0, 4), (done.Rows, done.Posted, done.Existing, done.Accounts));
        }

        VerificationReport report = await VerifyAsync(ledger);
        Assert.Empty(report.Differences);
        Assert.Equal([1, 2], report.Tenants.Keys);
        Assert.Equal(report.TotalsOf(1, "RUB").DebitsPosted, report.TotalsOf(2, "RUB").DebitsPosted);
        Assert.Contains("theirs RUB debits", VerifyCommand.ToText(report), StringComparison.Ordinal);
        Assert.Contains("\"tenant\": \"theirs\"", VerifyCommand.ToJson(report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_TenantThatIsNone_IsMisuse()
    {
        await using LedgerHarness ledger = await LedgerHarness.StartAsync(Options);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ledger.Pipeline.OpenAsync(default, []));
    }

    private static TransferRequest Settle(TransferRequest held) => new()
    {
        Id = held.Id + 1,
        Kind = TransferKind.PostPending,
        PendingId = held.Id,
    };

    private static Task<VerificationReport> VerifyAsync(LedgerHarness ledger) =>
        LedgerVerifier.RunAsync(ledger.Database, TimeProvider.System, null, None);

    private static async Task<IReadOnlyList<long>> ScanAsync(LedgerHarness ledger, TenantId tenant)
    {
        List<long> amounts = [];
        long? cursor = null;
        do
        {
            LinePage page = await ledger.Transfers.ScanAsync(tenant, new TransferFilter(), cursor, 3, None);
            amounts.AddRange(page.Lines.Select(line => line.AmountMinor));
            cursor = page.Next;
        }
        while (cursor > 0);
        return amounts;
    }

    private static async Task<string> ExportAsync(LedgerHarness ledger, TenantId tenant)
    {
        await using StringWriter writer = new();
        await ExportCommand.WriteAsync(ledger.Database, writer, new ExportFilter(tenant, null, null, null), None);
        return writer.ToString().ReplaceLineEndings("\n");
    }

    private async Task<LedgerHarness> StartAsync(TimeProvider? time = null)
    {
        LedgerHarness ledger = await LedgerHarness.StartAsync(
            Options, new Dictionary<string, string?> { ["Data:Folder"] = Options.Folder }, time);
        await ledger.Database.WriteAsync(session => session.ExecuteAsync(
            "insert into tenants (id, slug, name, created_at) values (2, 'theirs', 'Theirs', 0)"));
        foreach (TenantId tenant in new[] { Ours, Theirs })
        {
            await ledger.OpenAsync(Bank, tenant: tenant);
            await ledger.OpenAsync(Shop, tenant: tenant);
        }

        await ledger.OpenAsync(OnlyOurs);
        return ledger;
    }
}

public sealed class SqliteTenantIsolationTests : TenantIsolationTests
{
    private protected override DatabaseEngine Engine => DatabaseEngine.Sqlite;
}

public sealed class PostgresTenantIsolationTests : TenantIsolationTests
{
    private protected override DatabaseEngine Engine => DatabaseEngine.Postgres;
}
