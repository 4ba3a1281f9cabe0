using FsCheck;
using FsCheck.Fluent;
using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;

namespace Iskra.Cards.Tests.Ledger;

public sealed class LedgerModelTests
{
    private const int AccountCount = 6;

    [Fact]
    public void Apply_RandomSequences_AgreeWithTheNaiveModel()
    {
        HashSet<TransferStatus> seen = [];
        Gen<int[]> step = Gen.ArrayOf(Gen.Choose(0, 1_000_000), 9);
        Gen<int[][]> run = Gen.ArrayOf(step, 60);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_500), Prop.ForAll(run.ToArbitrary(), steps => Run(steps, seen)));

        // The generator must reach the interesting corners, or the agreement says nothing.
        TransferStatus[] expected =
        [
            .. Enum.GetValues<TransferStatus>().Except(
            [
                TransferStatus.AmountTooLarge,
                TransferStatus.OverflowsBalance,
            ]),
        ];
        Assert.Empty(expected.Except(seen));
    }

    private static void Run(int[][] steps, HashSet<TransferStatus> seen)
    {
        TestLedger ledger = new(accountsInMemory: 3, recentIds: 16, recoveryTail: 2, rowsPerCommit: 2);
        NaiveLedger model = new();
        Open(ledger, model);
        int at = 0;
        while (at < steps.Length)
        {
            int size = 1 + (steps[at][8] % 4);
            TransferRequest[] batch = [.. Enumerable.Range(at, Math.Min(size, steps.Length - at)).Select(index => ToRequest(steps, index))];
            ledger.Now += steps[at][7] % 3 * 700_000;
            model.Now = ledger.Now;
            TransferStatus[] actual = ledger.Post(batch);
            TransferStatus[] wanted = model.Post(batch);
            Assert.Equal(wanted, actual);
            seen.UnionWith(actual);
            CheckInvariants(ledger, model);
            at += size;
        }
    }

    private static void Open(TestLedger ledger, NaiveLedger model)
    {
        for (int number = 1; number <= AccountCount; number++)
        {
            AccountFlags flags = number switch
            {
                2 or 3 => AccountFlags.DebitsMayNotExceedCredits,
                4 => AccountFlags.CreditsMayNotExceedDebits,
                6 => AccountFlags.Frozen,
                _ => AccountFlags.None,
            };
            long overdraft = number == 3 ? 5 : 0;
            string currency = number == 5 ? "USD" : "RUB";
            ledger.Open((UInt128)number, flags, overdraft, currency);
            model.Open((UInt128)number, flags, overdraft, currency);
        }
    }

    private static void CheckInvariants(TestLedger ledger, NaiveLedger model)
    {
        long debits = 0;
        long credits = 0;
        foreach ((UInt128 id, NaiveLedger.Account account) in model.Accounts)
        {
            Balances balances = ledger.BalancesOf(id);
            Assert.Equal(new Balances(account.DP, account.DD, account.CP, account.CC), balances);
            if (account.Flags.HasFlag(AccountFlags.DebitsMayNotExceedCredits))
            {
                Assert.True(balances.DebitsPending + balances.DebitsPosted <= balances.CreditsPosted + account.Overdraft);
            }

            debits += balances.DebitsPosted + balances.DebitsPending;
            credits += balances.CreditsPosted + balances.CreditsPending;
        }

        Assert.Equal(debits, credits);
        CheckJournal(ledger);
    }

    private static void CheckJournal(TestLedger ledger)
    {
        Dictionary<UInt128, Balances> folded = [];
        Dictionary<UInt128, long> last = [];
        foreach (JournalEntry entry in ledger.Journal)
        {
            Assert.Equal(last.GetValueOrDefault(entry.Debit.Id), entry.DebitPrevious);
            Assert.Equal(last.GetValueOrDefault(entry.Credit.Id), entry.CreditPrevious);
            last[entry.Debit.Id] = entry.Sequence;
            last[entry.Credit.Id] = entry.Sequence;
            Balances debit = folded.GetValueOrDefault(entry.Debit.Id);
            Balances credit = folded.GetValueOrDefault(entry.Credit.Id);
            JournalFold.Apply(entry.Kind, entry.AmountMinor, entry.ReleasedMinor, ref debit, ref credit);
            Assert.Equal(debit.NetDebit, entry.DebitNetAfter);
            Assert.Equal(credit.NetDebit, entry.CreditNetAfter);
            folded[entry.Debit.Id] = debit;
            folded[entry.Credit.Id] = credit;
        }

        IEnumerable<long> numbers = Enumerable.Range(1, ledger.Journal.Count).Select(number => (long)number);
        Assert.Equal(numbers, ledger.Journal.Select(entry => entry.Sequence));
        foreach ((UInt128 id, Balances balances) in folded)
        {
            Assert.Equal(balances, ledger.BalancesOf(id));
        }
    }

    /// <summary>One step in three repeats an earlier one, often with one field changed: what retries look like.</summary>
    private static TransferRequest ToRequest(int[][] steps, int index)
    {
        int[] numbers = steps[index];
        if (index == 0 || numbers[3] % 3 != 0)
        {
            return ToRequest(numbers);
        }

        TransferRequest earlier = ToRequest(steps[numbers[0] % index]) with { Linked = false };
        return (numbers[1] % 12) switch
        {
            0 => earlier with { Code = earlier.Code + 1 },
            1 => earlier with { Reference = "other" },
            2 => earlier with { Currency = earlier.Currency == "RUB" ? "USD" : "RUB" },
            3 => earlier with { OccurredAt = 5 },
            4 => earlier with { Id = (UInt128)(numbers[2] % 41) },
            5 => earlier with { AmountMinor = earlier.AmountMinor + 1 },
            6 or 7 or 8 => new TransferRequest
            {
                Id = (UInt128)(100 + (numbers[2] % 1_000)),
                Kind = numbers[5] % 2 == 0 ? TransferKind.VoidPending : TransferKind.PostPending,
                PendingId = earlier.PendingId != 0 ? earlier.PendingId : earlier.Id,
                AmountMinor = numbers[5] % 4,
                DebitAccountId = numbers[4] % 5 == 0 ? (UInt128)(1 + (numbers[4] % 4)) : 0,
                CreditAccountId = numbers[6] % 5 == 0 ? (UInt128)(1 + (numbers[6] % 4)) : 0,
            },
            _ => earlier,
        };
    }

    private static TransferRequest ToRequest(int[] numbers)
    {
        TransferKind kind = (numbers[0] % 10) switch
        {
            < 4 => TransferKind.Post,
            < 6 => TransferKind.Pending,
            < 8 => TransferKind.PostPending,
            _ => TransferKind.VoidPending,
        };
        bool settles = kind is TransferKind.PostPending or TransferKind.VoidPending;
        bool odd = numbers[1] % 9 == 0;
        return new TransferRequest
        {
            Kind = kind,

            // Few ids, so that retries and conflicts are common; ids of either order, so that the look-up is used.
            Id = (UInt128)(numbers[2] % 41),
            DebitAccountId = settles && !odd ? 0 : (UInt128)(numbers[3] % (AccountCount + 2)),
            CreditAccountId = settles && !odd ? 0 : (UInt128)(numbers[4] % (AccountCount + 2)),
            AmountMinor = settles && numbers[5] % 2 == 0 ? 0 : (numbers[5] % 9) - 1,
            Currency = settles && numbers[6] % 2 == 0 ? null : numbers[6] % 13 == 0 ? "EUR" : "RUB",
            PendingId = settles != (numbers[6] % 23 == 0) ? (UInt128)(numbers[6] % 41) : 0,
            TimeoutSeconds = numbers[7] switch
            {
                int number when number % 29 == 0 => -1,
                int number when number % 3 == 0 && kind == TransferKind.Pending => 1,
                int number => number % 31 == 0 ? 2 : 0,
            },
            Code = numbers[8] % 19 == 0 ? 70_000 : numbers[8] % 17 == 0 ? 7 : 0,
            Reference = numbers[8] % 21 == 0 ? "" : numbers[8] % 13 == 0 ? "ref" : null,
            Linked = numbers[1] % 4 == 0,
        };
    }
}
