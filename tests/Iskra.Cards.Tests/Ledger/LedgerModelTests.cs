using FsCheck;
using FsCheck.Fluent;
using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Platform.Tenancy;

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

    /// <summary>
    /// The models know nothing of each other: agreement with all of them is the proof that no tenant sees or moves what is another's, for
    /// the tenants use the same ids for accounts, transfers and reservations all the time.
    /// </summary>
    [Fact]
    public void Apply_RandomSequencesOfSeveralTenants_AgreeWithOneModelForEach()
    {
        HashSet<TransferStatus> seen = [];
        Gen<int[]> step = Gen.ArrayOf(Gen.Choose(0, 1_000_000), 10);
        Gen<int[][]> run = Gen.ArrayOf(step, 90);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1_200), Prop.ForAll(run.ToArbitrary(), steps => RunTenants(steps, seen)));
        TransferStatus[] expected =
        [
            TransferStatus.Ok, TransferStatus.Exists, TransferStatus.ExistsWithDifferentAmount, TransferStatus.PendingTransferNotFound,
            TransferStatus.PendingTransferNotPending, TransferStatus.PendingTransferAlreadyPosted, TransferStatus.ExceedsCredits,
            TransferStatus.LinkedTransferFailed, TransferStatus.DebitAccountNotFound, TransferStatus.CreditAccountNotFound,
        ];
        Assert.Empty(expected.Except(seen));
    }

    private static void RunTenants(int[][] steps, HashSet<TransferStatus> seen)
    {
        TenantId[] tenants = [TenantId.Default, new(2), new(70_000)];
        TestLedger ledger = new(accountsInMemory: 5, recentIds: 16, recoveryTail: 2, rowsPerCommit: 2);
        NaiveLedger[] models = [new(), new(), new()];
        for (int tenant = 0; tenant < tenants.Length; tenant++)
        {
            // The third has no account 6: what another tenant calls 6 is not there for it.
            Open(ledger, models[tenant], tenants[tenant], tenant == 2 ? AccountCount - 1 : AccountCount);
        }

        int at = 0;
        while (at < steps.Length)
        {
            ledger.Now += steps[at][7] % 3 * 700_000;
            List<(int Tenant, TransferRequest[] Requests)> callers = [];
            for (int caller = 1 + (steps[at][8] % 3); caller > 0 && at < steps.Length; caller--)
            {
                int size = Math.Min(1 + (steps[at][8] % 4), steps.Length - at);
                TransferRequest[] batch = [.. Enumerable.Range(at, size).Select(index => ToRequest(steps, index))];
                callers.Add((Math.Max(0, (steps[at][9] % 6) - 3), batch));
                at += size;
            }

            TransferStatus[][] actual = ledger.PostTogether([.. callers.Select(caller => (tenants[caller.Tenant], caller.Requests))]);
            for (int index = 0; index < callers.Count; index++)
            {
                NaiveLedger model = models[callers[index].Tenant];
                model.Now = ledger.Now;
                Assert.Equal(model.Post(callers[index].Requests), actual[index]);
                seen.UnionWith(actual[index]);
            }

            for (int tenant = 0; tenant < tenants.Length; tenant++)
            {
                CheckInvariants(ledger, models[tenant], tenants[tenant]);
            }
        }
    }

    private static void Run(int[][] steps, HashSet<TransferStatus> seen)
    {
        TestLedger ledger = new(accountsInMemory: 3, recentIds: 16, recoveryTail: 2, rowsPerCommit: 2);
        NaiveLedger model = new();
        Open(ledger, model, TenantId.Default, AccountCount);
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
            CheckInvariants(ledger, model, TenantId.Default);
            at += size;
        }
    }

    private static void Open(TestLedger ledger, NaiveLedger model, TenantId tenant, int accounts)
    {
        for (int number = 1; number <= accounts; number++)
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
            ledger.Open((UInt128)number, flags, overdraft, currency, tenant: tenant);
            model.Open((UInt128)number, flags, overdraft, currency);
        }
    }

    private static void CheckInvariants(TestLedger ledger, NaiveLedger model, TenantId tenant)
    {
        long debits = 0;
        long credits = 0;
        foreach ((UInt128 id, NaiveLedger.Account account) in model.Accounts)
        {
            Balances balances = ledger.BalancesOf(id, tenant);
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
        Dictionary<LedgerId, Balances> folded = [];
        Dictionary<LedgerId, long> last = [];
        foreach (JournalEntry entry in ledger.Journal)
        {
            Assert.Equal(last.GetValueOrDefault(entry.Debit.LedgerId), entry.DebitPrevious);
            Assert.Equal(last.GetValueOrDefault(entry.Credit.LedgerId), entry.CreditPrevious);
            last[entry.Debit.LedgerId] = entry.Sequence;
            last[entry.Credit.LedgerId] = entry.Sequence;
            Assert.Equal((entry.Tenant, entry.Tenant), (entry.Debit.Tenant, entry.Credit.Tenant));
            Balances debit = folded.GetValueOrDefault(entry.Debit.LedgerId);
            Balances credit = folded.GetValueOrDefault(entry.Credit.LedgerId);
            JournalFold.Apply(entry.Kind, entry.AmountMinor, entry.ReleasedMinor, ref debit, ref credit);
            Assert.Equal(debit.NetDebit, entry.DebitNetAfter);
            Assert.Equal(credit.NetDebit, entry.CreditNetAfter);
            folded[entry.Debit.LedgerId] = debit;
            folded[entry.Credit.LedgerId] = credit;
        }

        IEnumerable<long> numbers = Enumerable.Range(1, ledger.Journal.Count).Select(number => (long)number);
        Assert.Equal(numbers, ledger.Journal.Select(entry => entry.Sequence));
        foreach ((LedgerId id, Balances balances) in folded)
        {
            Assert.Equal(balances, ledger.BalancesOf(id.Id, id.Tenant));
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
