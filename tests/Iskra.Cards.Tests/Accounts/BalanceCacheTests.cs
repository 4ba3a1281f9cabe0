using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;

namespace Iskra.Cards.Tests.Accounts;

/// <summary>Balances through the cache, in the process that posts.</summary>
public abstract class BalanceCacheTests : StoreTests
{
    [Fact]
    public async Task FindAsync_AfterEachPosting_TellsIt()
    {
        // More accounts than memory holds, so that balances come from memory, from the cache and from rows in turn.
        await using LedgerHarness ledger = await LedgerHarness.StartAsync(
            Options, new() { ["Cards:Posting:AccountsInMemoryMax"] = "1000" });
        Guid bank = Guid.CreateVersion7();
        await ledger.OpenAsync(bank);
        Guid[] ids = [.. Enumerable.Range(0, 1_500).Select(_ => Guid.CreateVersion7())];
        await Task.WhenAll(ids.Select(id => ledger.OpenAsync(id)));
        long[] expected = new long[ids.Length];
        Random random = new(3);
        for (int round = 0; round < 600; round++)
        {
            int index = random.Next(round % 2 == 0 ? ids.Length : 20);
            Assert.Equal(new Balances(0, 0, 0, expected[index]), await ledger.BalancesAsync(ids[index]));
            Assert.Equal(TransferStatus.Ok, await ledger.PostAsync(LedgerHarness.Transfer(bank, ids[index], 7)));
            expected[index] += 7;
            Assert.Equal(new Balances(0, 0, 0, expected[index]), await ledger.BalancesAsync(ids[index]));
        }
    }

    [Fact]
    public async Task FindAsync_UnknownThenOpened_IsFound()
    {
        await using LedgerHarness ledger = await LedgerHarness.StartAsync(Options);
        Guid id = Guid.CreateVersion7();
        Assert.Null(await ledger.Accounts.FindAsync(TenantId.Default, id, CancellationToken.None));
        await ledger.OpenAsync(id);
        Assert.NotNull(await ledger.Accounts.FindAsync(TenantId.Default, id, CancellationToken.None));
        Assert.Null(await ledger.Accounts.FindAsync(new TenantId(7), id, CancellationToken.None));
    }
}

public sealed class SqliteBalanceCacheTests : BalanceCacheTests
{
    private protected override DatabaseEngine Engine => DatabaseEngine.Sqlite;
}

public sealed class PostgresBalanceCacheTests : BalanceCacheTests
{
    private protected override DatabaseEngine Engine => DatabaseEngine.Postgres;
}
