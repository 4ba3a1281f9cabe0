using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Platform.Tenancy;

namespace Iskra.Cards.Tests.Ledger;

/// <summary>The hot path's budget: deciding a transfer allocates nothing once the buffers have grown.</summary>
public sealed class LedgerAllocationTests
{
    private const int BatchSize = 1_000;

    [Fact]
    public void Apply_WarmBatches_StayWithinTheBudget()
    {
        LedgerCore core = new(new LedgerCoreOptions(10_000, 20_000, 1_000, 4_096));
        core.Reset(
            new LedgerHead
            {
                Epoch = 1,
                LastSequence = 0,
                Block = 0,
                Hash = JournalHash.Genesis,
                PostedAt = 0,
                RecoverySequence = 0,
                AccountCount = 0,
            },
            []);
        core.Begin(1);
        for (int account = 1; account <= 100; account++)
        {
            core.Open(
                TenantId.Default, new AccountRequest((UInt128)account, "account", AccountKind.Liability, "RUB", AccountFlags.None, 0));
        }

        core.End();
        core.Committed();
        TransferRequest[] batch = new TransferRequest[BatchSize];
        TransferStatus[] statuses = new TransferStatus[BatchSize];
        long[] sequences = new long[BatchSize];
        UInt128 id = 0;
        for (int warm = 0; warm < 60; warm++)
        {
            Run(core, batch, statuses, sequences, ref id);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(core, batch, statuses, sequences, ref id);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.All(statuses, status => Assert.Equal(TransferStatus.Ok, status));

        // One hash per batch and the growth of a queue now and then; nothing per transfer.
        Assert.InRange(allocated, 0, 2 * BatchSize);
    }

    private static void Run(LedgerCore core, TransferRequest[] batch, TransferStatus[] statuses, long[] sequences, ref UInt128 id)
    {
        for (int index = 0; index < batch.Length; index++)
        {
            id++;
            batch[index] = new TransferRequest
            {
                Id = id,
                Kind = TransferKind.Post,
                DebitAccountId = 1 + (id % 100),
                CreditAccountId = 1 + ((id + 1) % 100),
                AmountMinor = 5,
                Currency = "RUB",
            };
        }

        core.Begin(2);
        core.Ask(TenantId.Default, batch);
        core.Apply(TenantId.Default, batch, statuses, sequences);
        core.End();
        core.Committed();
    }
}
