using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Modules.Cards.Posting;
using Iskra.Modules.Cards.Simulation;
using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;
using Iskra.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Cards.Tests.Simulation;

public sealed class TrafficTests : StoreTests
{
    private protected override DatabaseEngine Engine => DatabaseEngine.Sqlite;

    [Fact]
    public async Task Simulated_ManyTransfers_AreAllAcceptedAndOfEveryKind()
    {
        await using LedgerHarness ledger = await LedgerHarness.StartAsync(Options);
        using SimulatedTraffic traffic = new(new DemoOptions { Customers = 50, Merchants = 20 }, TimeProvider.System);
        List<TransferRequest> transfers = await PostAsync(ledger, traffic, 3_000);
        Assert.True(transfers.Count(transfer => transfer.Kind == TransferKind.Pending) > 100);
        Assert.True(transfers.Count(transfer => transfer.Kind == TransferKind.PostPending) > 50);
        Assert.True(transfers.Count(transfer => transfer.Kind == TransferKind.VoidPending) > 5);
        Assert.True(transfers.Count(transfer => transfer.Reference == "simulated refund") > 10);
        IReadOnlyList<string> names = await ledger.Database.ReadAsync(
            session => session.QueryAsync<string>("select name from cards_accounts"));
        Assert.Equal(71, names.Count);
        Assert.All(names, name => Assert.StartsWith("Simulated ", name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Simulated_AfterRestart_UsesTheSameAccounts()
    {
        await using LedgerHarness ledger = await LedgerHarness.StartAsync(Options);
        DemoOptions options = new() { Customers = 20, Merchants = 10 };
        using SimulatedTraffic first = new(options, TimeProvider.System);
        await PostAsync(ledger, first, 200);
        using SimulatedTraffic second = new(options, TimeProvider.System);
        await PostAsync(ledger, second, 200);
        Assert.Equal(31, await ledger.Database.ReadAsync(session => session.ScalarAsync<long>("select count(*) from cards_accounts")));
    }

    [Fact]
    public void Simulated_SameSeed_MakesTheSamePayments()
    {
        TestTimeProvider time = new();
        using SimulatedTraffic first = new(new DemoOptions(), time);
        using SimulatedTraffic second = new(new DemoOptions(), time);
        List<TransferRequest> one = [];
        List<TransferRequest> two = [];
        first.Next(500, [], one);
        second.Next(500, [], two);
        Assert.Equal(one.Select(Content), two.Select(Content));
        static (UInt128, UInt128, long, TransferKind) Content(TransferRequest transfer) =>
            (transfer.DebitAccountId, transfer.CreditAccountId, transfer.AmountMinor, transfer.Kind);
    }

    [Fact]
    public async Task Replayed_SmallFile_StartsOverAndIsAccepted()
    {
        string path = Path.Combine(Options.Folder, "replay.csv");
        await File.WriteAllTextAsync(
            path,
            "TRANSACTION_ID,TX_DATETIME,CUSTOMER_ID,TERMINAL_ID,TX_AMOUNT\n"
            + "0,2018-04-01T00:00:31,1,2,10.00\n1,2018-04-01T00:00:32,2,2,20.00\nx,y\n",
            TestContext.Current.CancellationToken);
        await using LedgerHarness ledger = await LedgerHarness.StartAsync(Options);
        using ReplayedTraffic traffic = new(path, TimeProvider.System);
        List<TransferRequest> transfers = await PostAsync(ledger, traffic, 100);
        Assert.True(transfers.Count(transfer => transfer.AmountMinor == 2000) > 20);
    }

    [Fact]
    public void Replayed_FileWithoutPayments_EndsWithAFault()
    {
        string path = Path.Combine(Options.Folder, "none.csv");
        File.WriteAllText(path, "TRANSACTION_ID,TX_DATETIME,CUSTOMER_ID,TERMINAL_ID,TX_AMOUNT\nx,y\n");
        using ReplayedTraffic traffic = new(path, TimeProvider.System);
        Assert.Throws<InvalidDataException>(() => traffic.Next(1, [], []));
    }

    [Fact]
    public async Task Demo_StartAndStop_FollowsAndReportsItsSpeed()
    {
        await using LedgerHarness ledger = await LedgerHarness.StartAsync(Options);
        DemoTraffic demo = ledger.Services.GetRequiredService<DemoTraffic>();
        await demo.StartAsync(CancellationToken.None);
        Assert.False(demo.StatusOf(TenantId.Default).Running);
        Assert.True(demo.Start(TenantId.Default, 20));
        Assert.Equal(20, demo.StatusOf(TenantId.Default).Speed);
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        while (ledger.Pipeline.CommittedTransfers < 100)
        {
            await Task.Delay(20, limit.Token);
        }

        await demo.EndAsync(TenantId.Default);
        Assert.Null(demo.StatusOf(TenantId.Default).Speed);
        await demo.StopAsync(CancellationToken.None);
    }

    private static async Task<List<TransferRequest>> PostAsync(LedgerHarness ledger, ITrafficSource traffic, int count)
    {
        List<AccountRequest> accounts = [];
        List<TransferRequest> transfers = [];
        traffic.Next(count, accounts, transfers);
        PostingResult opened = await ledger.Pipeline.OpenAsync(TenantId.Default, accounts);
        Assert.All(opened.AccountStatuses, status => Assert.True(status is AccountStatus.Ok or AccountStatus.Exists));
        PostingResult result = await ledger.Pipeline.PostAsync(TenantId.Default, transfers.ToArray());
        Assert.All(result.Statuses, status => Assert.Equal(TransferStatus.Ok, status));
        return transfers;
    }
}
