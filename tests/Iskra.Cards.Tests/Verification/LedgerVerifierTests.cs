using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Modules.Cards.Verification;
using Iskra.Platform.Data;

namespace Iskra.Cards.Tests.Verification;

public abstract class LedgerVerifierTests : StoreTests
{
    private static readonly Guid Bank = Guid.CreateVersion7();
    private static readonly Guid Holder = Guid.CreateVersion7();
    private static readonly Guid Shop = Guid.CreateVersion7();

    [Fact]
    public async Task Run_UntouchedLedger_FindsNothingAndCountsAll()
    {
        await using LedgerHarness ledger = await FilledAsync();
        VerificationReport report = await VerifyAsync(ledger);
        Assert.Empty(report.Differences);
        Assert.Equal((44, 3, 3, 1), (report.Entries, report.Accounts, report.Pendings, report.OpenPendings));
        Assert.True(report.TotalsOf(1, "RUB").IsBalanced);
        Assert.Contains("\"consistent\": true", VerifyCommand.ToJson(report), StringComparison.Ordinal);
        Assert.EndsWith("The ledger is consistent.", VerifyCommand.ToText(report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_EmptyLedger_FindsNothing()
    {
        await using LedgerHarness ledger = await LedgerHarness.StartAsync(Options);
        Assert.Empty((await VerifyAsync(ledger)).Differences);
    }

    [Fact]
    public async Task Run_BesideAWriter_SeesOneConsistentState()
    {
        await using LedgerHarness ledger = await FilledAsync();
        using CancellationTokenSource stop = new();
        Task writer = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await ledger.PostAsync(LedgerHarness.Transfer(Bank, Shop, 1));
            }
        });
        for (int round = 0; round < 5; round++)
        {
            Assert.Empty((await VerifyAsync(ledger)).Differences);
        }

        await stop.CancelAsync();
        await writer;
    }

    [Theory]
    [InlineData("update cards_journal set amount_minor = amount_minor + 1 where sequence = 5", "The hash of block")]
    [InlineData("update cards_journal set amount_minor = 9223372036854775807 where sequence = 5", "out of range")]
    [InlineData("update cards_journal set reference = 'forged' where sequence = 5", "The hash of block")]
    [InlineData("update cards_journal set posted_at = posted_at + 1 where sequence = 5", "The hash of block")]
    [InlineData("update cards_journal set debit_previous = 0 where sequence = 7", "entry before is")]
    [InlineData("update cards_journal set credit_net_after = credit_net_after + 1 where sequence = 7", "the replay says")]
    [InlineData("delete from cards_journal where sequence = 9", "Entries 9 to 9 are missing")]
    [InlineData("delete from cards_journal where sequence = 44", "The journal ends at entry 43")]
    [InlineData(
        "update cards_journal set sequence = -1 where sequence = 5; update cards_journal set sequence = 5 where sequence = 6; "
        + "update cards_journal set sequence = 6 where sequence = -1",
        "The hash of block")]
    [InlineData("update cards_accounts set debits_posted = debits_posted + 1 where key = 2", "its row says")]
    [InlineData("update cards_accounts set last_sequence = 1 where key = 2", "names entry 1 as its last")]
    [InlineData("update cards_accounts set as_of_sequence = 3 where key = 2", "its row")]
    [InlineData("update cards_accounts set flags = 1 where key = 1", "beyond its limit")]
    [InlineData("delete from cards_accounts where key = 3", "has no row")]
    [InlineData("update cards_pendings set state = 0 where state = 1", "is stored as Open")]
    [InlineData("update cards_pendings set amount_minor = amount_minor + 1 where state = 0", "another content")]
    [InlineData("delete from cards_pendings where state = 2", "has no row")]
    [InlineData("update cards_ledger set last_sequence = last_sequence + 1", "its head at 45")]
    [InlineData("update cards_ledger set account_count = 4", "the head counts 4")]
    [InlineData("update cards_journal set tenant_id = 2 where sequence = 5", "The hash of block")]
    [InlineData("update cards_journal set tenant_id = 2 where sequence = 5", "belong to another tenant")]
    [InlineData("update cards_accounts set tenant_id = 2 where key = 2", "belong to another tenant")]
    [InlineData("update cards_pendings set tenant_id = 2 where state = 1", "the journal has none there")]
    [InlineData("delete from cards_blocks where block = 2", "doesn't follow block 1")]
    public async Task Run_AfterTampering_FindsIt(string tampering, string expected)
    {
        await using LedgerHarness ledger = await FilledAsync();
        await ledger.Pipeline.StopAsync(CancellationToken.None);
        await ledger.Database.WriteAsync(async session =>
        {
            await DropTriggersAsync(session);
            foreach (string statement in tampering.Split(';'))
            {
                Assert.True(await session.ExecuteAsync(statement) > 0);
            }
        });
        VerificationReport report = await VerifyAsync(ledger);
        Assert.False(report.IsGood);
        Assert.Contains(report.Differences, difference => difference.Contains(expected, StringComparison.Ordinal));
        Assert.Contains("\"consistent\": false", VerifyCommand.ToJson(report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_FlippedByteOfAHash_IsFound()
    {
        await using LedgerHarness ledger = await FilledAsync();
        await ledger.Database.WriteAsync(async session =>
        {
            byte[] hash = (await session.ScalarAsync<byte[]>("select hash from cards_blocks where block = 2"))!;
            hash[7] ^= 1;
            await session.ExecuteAsync("update cards_blocks set hash = @hash where block = 2", new { hash });
        });
        Assert.Contains(
            (await VerifyAsync(ledger)).Differences, difference => difference.Contains("The hash of block 2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_ManyDifferences_ShowsTheFirstAndCountsAll()
    {
        await using LedgerHarness ledger = await FilledAsync();
        await ledger.Database.WriteAsync(async session =>
        {
            await DropTriggersAsync(session);
            await session.ExecuteAsync("update cards_journal set debit_net_after = debit_net_after + 1");
        });
        VerificationReport report = await VerifyAsync(ledger);
        Assert.Equal(VerificationReport.DifferencesShownMax, report.Differences.Count);
        Assert.True(report.DifferenceCount >= 44);
        Assert.Contains("more.", VerifyCommand.ToText(report), StringComparison.Ordinal);
    }

    private protected abstract Task DropTriggersAsync(DbSession session);

    private static Task<VerificationReport> VerifyAsync(LedgerHarness ledger) =>
        LedgerVerifier.RunAsync(ledger.Database, TimeProvider.System, null, CancellationToken.None);

    /// <summary>
    /// 44 entries, each in a commit of its own: 37 payments, three reservations of which one is open, and what settles the others.
    /// </summary>
    private async Task<LedgerHarness> FilledAsync()
    {
        LedgerHarness ledger = await LedgerHarness.StartAsync(Options);
        await ledger.OpenAsync(Bank);
        await ledger.OpenAsync(Holder, AccountFlags.DebitsMayNotExceedCredits);
        await ledger.OpenAsync(Shop);
        await PostAsync(ledger, LedgerHarness.Transfer(Bank, Holder, 100_000));
        await PostAsync(ledger, LedgerHarness.Transfer(Bank, Holder, 1));
        TransferRequest[] held = [.. Enumerable.Range(0, 3).Select(index =>
            LedgerHarness.Transfer(Holder, Shop, 500 + index, kind: TransferKind.Pending))];
        foreach (TransferRequest pending in held)
        {
            await PostAsync(ledger, pending with { TimeoutSeconds = 3600 });
        }

        await PostAsync(ledger, Settle(held[0], TransferKind.PostPending, 200));
        await PostAsync(ledger, Settle(held[1], TransferKind.VoidPending, 0));
        for (int index = 0; index < 37; index++)
        {
            await PostAsync(ledger, LedgerHarness.Transfer(Holder, Shop, 10 + index));
        }

        await ledger.Pipeline.StoreAllAsync();
        return ledger;
    }

    private static async Task PostAsync(LedgerHarness ledger, TransferRequest request) =>
        Assert.Equal(TransferStatus.Ok, await ledger.PostAsync(request));

    private static TransferRequest Settle(TransferRequest pending, TransferKind kind, long amount) => new()
    {
        Id = Modules.Cards.Storage.Uuid.ToUInt128(Guid.CreateVersion7()),
        Kind = kind,
        PendingId = pending.Id,
        AmountMinor = amount,
    };
}

public sealed class SqliteLedgerVerifierTests : LedgerVerifierTests
{
    private protected override DatabaseEngine Engine => DatabaseEngine.Sqlite;

    private protected override async Task DropTriggersAsync(DbSession session)
    {
        await session.ExecuteAsync("drop trigger cards_journal_immutable_update");
        await session.ExecuteAsync("drop trigger cards_journal_immutable_delete");
    }
}

public sealed class PostgresLedgerVerifierTests : LedgerVerifierTests
{
    private protected override DatabaseEngine Engine => DatabaseEngine.Postgres;

    private protected override async Task DropTriggersAsync(DbSession session) =>
        await session.ExecuteAsync("alter table cards_journal disable trigger user");
}
