using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Platform.Tenancy;

namespace Iskra.Cards.Tests.Ledger;

/// <summary>Account rows follow the journal evenly: no commit pays for what a thousand others left.</summary>
public sealed class LedgerRowsTests
{
    private const int Accounts = 1_000;
    private const int Tail = 10_000;
    private const int BatchSize = 100;

    [Fact]
    public void End_AllAccountsTouchedTogether_StoresThemInEvenShares()
    {
        LedgerCore core = Open();
        UInt128 id = 0;
        int largest = 0;
        for (int batch = 0; batch < 4 * Tail / BatchSize; batch++)
        {
            LedgerCommit commit = Post(core, ref id);
            largest = Math.Max(largest, commit.AccountsToStore.Count);
            Assert.InRange(commit.LastSequence - commit.RecoverySequence, 0, Tail);
        }

        // All of them once in a tail of a hundred commits is ten for each; a quarter more goes ahead, and a page goes whole.
        Assert.InRange(largest, 10, 64);
    }

    private static LedgerCore Open()
    {
        LedgerCore core = new(new LedgerCoreOptions(10_000, 20_000, Tail, 4_096));
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
        for (int account = 1; account <= Accounts; account++)
        {
            core.Open(
                TenantId.Default, new AccountRequest((UInt128)account, "account", AccountKind.Liability, "RUB", AccountFlags.None, 0));
        }

        core.End();
        core.Committed();
        return core;
    }

    private static LedgerCommit Post(LedgerCore core, ref UInt128 id)
    {
        TransferRequest[] batch = new TransferRequest[BatchSize];
        for (int index = 0; index < batch.Length; index++)
        {
            id++;
            batch[index] = new TransferRequest
            {
                Id = id,
                Kind = TransferKind.Post,
                DebitAccountId = 1 + (id * 2 % Accounts),
                CreditAccountId = 1 + (((id * 2) + 1) % Accounts),
                AmountMinor = 5,
                Currency = "RUB",
            };
        }

        core.Begin(2);
        core.Ask(TenantId.Default, batch);
        core.Apply(TenantId.Default, batch, new TransferStatus[BatchSize], new long[BatchSize]);
        LedgerCommit commit = core.End();
        core.Committed();
        return commit;
    }
}
