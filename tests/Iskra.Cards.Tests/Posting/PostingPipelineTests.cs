using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Modules.Cards.Posting;
using Iskra.Modules.Cards.Storage;
using Iskra.Modules.Cards.Transfers;
using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;
using Iskra.Testing;

namespace Iskra.Cards.Tests.Posting;

public abstract class PostingPipelineTests : StoreTests
{
    private static readonly Guid Bank = Guid.CreateVersion7();
    private static readonly Guid Holder = Guid.CreateVersion7();
    private static readonly Guid Shop = Guid.CreateVersion7();

    [Fact]
    public async Task Post_ManyCallers_EachGetsItsOwnStatusAndBalancesAddUp()
    {
        await using LedgerHarness ledger = await StartAsync();
        await ledger.PostAsync(LedgerHarness.Transfer(Bank, Holder, 1_000));
        Task<TransferStatus>[] posts = [.. Enumerable.Range(0, 300).Select(_ => ledger.PostAsync(LedgerHarness.Transfer(Holder, Shop, 5)))];
        TransferStatus[] statuses = await Task.WhenAll(posts);

        Assert.Equal(200, statuses.Count(status => status == TransferStatus.Ok));
        Assert.Equal(100, statuses.Count(status => status == TransferStatus.ExceedsCredits));
        Assert.Equal(new Balances(0, 1_000, 0, 1_000), await ledger.BalancesAsync(Holder));
        Assert.Equal(new Balances(0, 0, 0, 1_000), await ledger.BalancesAsync(Shop));
    }

    [Fact]
    public async Task Post_AfterCrash_ReplaysTheTailAndKnowsEveryId()
    {
        TransferRequest first = LedgerHarness.Transfer(Bank, Holder, 700);
        TransferRequest held = LedgerHarness.Transfer(Holder, Shop, 300, kind: TransferKind.Pending);
        LedgerHarness crashed = await StartAsync();
        Assert.Equal(TransferStatus.Ok, await crashed.PostAsync(first));
        Assert.Equal(TransferStatus.Ok, await crashed.PostAsync(held));
        await crashed.CrashAsync();

        await using LedgerHarness ledger = await StartAsync(open: false);
        Assert.Equal(new Balances(300, 0, 0, 700), await ledger.BalancesAsync(Holder));
        Assert.Equal(TransferStatus.Exists, await ledger.PostAsync(first));
        Assert.Equal(TransferStatus.ExistsWithDifferentAmount, await ledger.PostAsync(first with { AmountMinor = 701 }));
        TransferRequest settle = Settle(held) with { AmountMinor = 120 };
        Assert.Equal(TransferStatus.Ok, await ledger.PostAsync(settle));
        Assert.Equal(TransferStatus.Exists, await ledger.PostAsync(settle));
        Assert.Equal(TransferStatus.PendingTransferAlreadyPosted, await ledger.PostAsync(settle with { Id = settle.Id + 1 }));
        Assert.Equal(new Balances(0, 120, 0, 700), await ledger.BalancesAsync(Holder));
    }

    [Fact]
    public async Task Post_OldAndRandomIds_AreLookedUpInTheStore()
    {
        Dictionary<string, string?> settings = new()
        {
            ["Cards:Posting:RecentIdsMax"] = "10000",
            ["Cards:Posting:CommitTransfersMax"] = "2000",
        };
        await using LedgerHarness ledger = await StartAsync(settings);
        TransferRequest[] requests =
        [
            .. Enumerable.Range(0, 12_000).Select(number => LedgerHarness.Transfer(Bank, Shop, 1, ScatteredId(number))),
        ];
        for (int from = 0; from < requests.Length; from += 3_000)
        {
            PostingResult posted = await ledger.Pipeline.PostAsync(TenantId.Default, requests.AsMemory(from, 3_000));
            Assert.Equal(from == 0 ? 2_999 : 3_000, posted.Statuses.Count(status => status == TransferStatus.Ok) - (from == 0 ? 1 : 0));
        }

        PostingResult again = await ledger.Pipeline.PostAsync(TenantId.Default, requests.AsMemory(0, 3_000));
        Assert.All(again.Statuses, status => Assert.Equal(TransferStatus.Exists, status));
        Assert.Equal(12_000, (await ledger.BalancesAsync(Shop)).CreditsPosted);
    }

    [Fact]
    public async Task Post_FullQueue_IsRefusedAtOnceWithRetryAfter()
    {
        await using LedgerHarness ledger = await StartAsync(new() { ["Cards:Posting:QueueTransfersMax"] = "100" });
        TransferRequest[] batch = [.. Enumerable.Range(0, 60).Select(_ => LedgerHarness.Transfer(Bank, Shop, 1))];
        TransferRequest[] other = [.. Enumerable.Range(0, 60).Select(_ => LedgerHarness.Transfer(Bank, Shop, 1))];
        List<Task<PostingResult>> calls = [];
        for (int call = 0; call < 50; call++)
        {
            calls.Add(ledger.Pipeline.PostAsync(TenantId.Default, call % 2 == 0 ? batch : other));
        }

        PostingResult[] results = await Task.WhenAll(calls);
        Assert.Contains(results, result => result.Outcome == PostingOutcome.QueueFull && result.RetryAfter >= TimeSpan.FromSeconds(1));
        Assert.Contains(results, result => result.Outcome == PostingOutcome.Done);
        long posted = (await ledger.BalancesAsync(Shop)).CreditsPosted;
        Assert.Equal(posted, results.Sum(result => result.Statuses.Count(status => status == TransferStatus.Ok)));
    }

    [Fact]
    public async Task Post_AnotherWriterTookOver_IsFencedAndWritesNothing()
    {
        await using LedgerHarness ledger = await StartAsync();
        await ledger.Database.WriteAsync(session => session.ExecuteAsync("update cards_ledger set epoch = epoch + 1"));
        PostingResult result = await ledger.Pipeline.PostAsync(TenantId.Default, new[] { LedgerHarness.Transfer(Bank, Shop, 9) });

        Assert.Equal(PostingOutcome.Unavailable, result.Outcome);
        long lines = await ledger.Database.ReadAsync(session => session.ScalarAsync<long>("select count(*) from cards_journal"));
        Assert.Equal(0, lines);
    }

    [Fact]
    public async Task Expiry_DueReservation_IsReleasedOnceAndStaysExpired()
    {
        TestTimeProvider time = new();
        await using LedgerHarness ledger = await StartAsync(time: time);
        TransferRequest held = LedgerHarness.Transfer(Bank, Shop, 40, kind: TransferKind.Pending) with { TimeoutSeconds = 30 };
        Assert.Equal(TransferStatus.Ok, await ledger.PostAsync(held));
        Assert.Equal(0, await ledger.Expiry.ReleaseDueAsync(CancellationToken.None));
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(1, await ledger.Expiry.ReleaseDueAsync(CancellationToken.None));
        Assert.Equal(0, await ledger.Expiry.ReleaseDueAsync(CancellationToken.None));

        Assert.Equal(TransferStatus.PendingTransferExpired, await ledger.PostAsync(Settle(held)));
        Assert.Equal(default, await ledger.BalancesAsync(Shop));
    }

    [Fact]
    public async Task Statement_PagesThroughTheLinks_InOrderWithBalances()
    {
        await using LedgerHarness ledger = await StartAsync();
        for (int number = 1; number <= 7; number++)
        {
            await ledger.PostAsync(LedgerHarness.Transfer(Bank, Shop, number));
            await ledger.PostAsync(LedgerHarness.Transfer(Bank, Holder, 100));
        }

        TransferFilter filter = new() { AccountId = Shop };
        List<long> amounts = [];
        List<long> balances = [];
        long? cursor = null;
        do
        {
            LinePage page = (await ledger.Transfers.WalkAsync(TenantId.Default, filter, cursor, 3, CancellationToken.None))!;
            amounts.AddRange(page.Lines.Select(line => line.AmountMinor));
            balances.AddRange(page.Lines.Select(line => -line.CreditNetAfter));
            cursor = page.Next;
        }
        while (cursor > 0);

        Assert.Equal([7, 6, 5, 4, 3, 2, 1], amounts);
        Assert.Equal([28, 21, 15, 10, 6, 3, 1], balances);
        LinePage large = await ledger.Transfers.ScanAsync(
            TenantId.Default, new TransferFilter { MinAmountMinor = 100 }, null, 5, CancellationToken.None);
        Assert.All(large.Lines, line => Assert.Equal(Holder, line.CreditId));
        Assert.Equal(5, large.Lines.Count);
    }

    [Fact]
    public async Task Journal_UpdateOrDelete_IsRefusedByTheStore()
    {
        await using LedgerHarness ledger = await StartAsync();
        await ledger.PostAsync(LedgerHarness.Transfer(Bank, Shop, 9));
        await Assert.ThrowsAnyAsync<Exception>(() =>
            ledger.Database.WriteAsync(session => session.ExecuteAsync("update cards_journal set amount_minor = 1")));
        await Assert.ThrowsAnyAsync<Exception>(() =>
            ledger.Database.WriteAsync(session => session.ExecuteAsync("delete from cards_journal")));
    }

    private static Guid ScatteredId(int number) => new(number * 7_919 ^ 0x2A5A5A5A, 1, 2, [1, 2, 3, 4, 5, 6, 7, 8]);

    private static TransferRequest Settle(TransferRequest held) => new()
    {
        Id = Uuid.ToUInt128(Guid.CreateVersion7()),
        Kind = TransferKind.PostPending,
        PendingId = held.Id,
    };

    private async Task<LedgerHarness> StartAsync(
        Dictionary<string, string?>? settings = null, TimeProvider? time = null, bool open = true)
    {
        LedgerHarness ledger = await LedgerHarness.StartAsync(Options, settings, time);
        if (open)
        {
            await ledger.OpenAsync(Bank);
            await ledger.OpenAsync(Holder, AccountFlags.DebitsMayNotExceedCredits);
            await ledger.OpenAsync(Shop);
        }

        return ledger;
    }
}

public sealed class SqlitePostingPipelineTests : PostingPipelineTests
{
    private protected override DatabaseEngine Engine => DatabaseEngine.Sqlite;
}

public sealed class PostgresPostingPipelineTests : PostingPipelineTests
{
    private protected override DatabaseEngine Engine => DatabaseEngine.Postgres;
}
