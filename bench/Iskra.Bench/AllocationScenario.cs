using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Platform.Tenancy;

namespace Iskra.Bench;

/// <summary><c>allocations</c>: what the ledger's core costs without a store: time and bytes for each transfer.</summary>
internal static class AllocationScenario
{
    private const int BatchSize = 1_000;
    private const int Batches = 500;
    private const int Accounts = 100_000;

    public static Command Create()
    {
        Command command = new("allocations", "Measures LedgerCore and JournalHash alone.");
        command.SetAction(async (_, _) => await Console.Out.WriteLineAsync(Run()));
        return command;
    }

    public static string Run()
    {
        LedgerCore core = new(new LedgerCoreOptions(1_000_000, 262_144, 500_000, 4_096));
        LedgerHead head = new()
        {
            Epoch = 1,
            LastSequence = 0,
            Block = 0,
            Hash = JournalHash.Genesis,
            PostedAt = 0,
            RecoverySequence = 0,
            AccountCount = 0,
        };
        core.Reset(head, []);
        core.Begin(1);
        UInt128[] ids = Workload.AccountIds(Accounts);
        foreach (UInt128 id in ids)
        {
            core.Open(
                TenantId.Default,
                new AccountRequest(id, "a", AccountKind.Liability, "RUB", AccountFlags.DebitsMayNotExceedCredits, 1_000_000_000_000));
        }

        core.End(storeAll: true);
        core.Committed();
        Workload workload = new(ids, null, seed: 3);
        TransferStatus[] statuses = new TransferStatus[BatchSize];
        long[] sequences = new long[BatchSize];
        TransferRequest[][] rounds = [.. Enumerable.Range(0, 2 * Batches).Select(_ => workload.Next(BatchSize))];
        JournalEntry[] lines = [];
        long bytes = 0;
        long from = 0;
        long now = 2;
        for (int round = 0; round < rounds.Length; round++)
        {
            if (round == Batches)
            {
                bytes = GC.GetAllocatedBytesForCurrentThread();
                from = Stopwatch.GetTimestamp();
            }

            core.Begin(now++);
            core.Ask(TenantId.Default, rounds[round]);
            core.Apply(TenantId.Default, rounds[round], statuses, sequences);
            core.End();
            core.Committed();
        }

        string apply = Line("LedgerCore: ask, apply, hash, publish", from, bytes);
        lines = core.Commit.Entries.ToArray();
        return "| part | ns/transfer | bytes/transfer |\n|---|--:|--:|\n" + apply + "\n" + Hash(lines);
    }

    private static string Hash(JournalEntry[] lines)
    {
        JournalHash hash = new();
        byte[] last = JournalHash.Genesis;
        for (int round = 0; round < Batches; round++)
        {
            last = hash.Next(last, lines);
        }

        long bytes = GC.GetAllocatedBytesForCurrentThread();
        long from = Stopwatch.GetTimestamp();
        for (int round = 0; round < Batches; round++)
        {
            last = hash.Next(last, lines);
        }

        return Line("of which JournalHash", from, bytes);
    }

    private static string Line(string name, long from, long bytes)
    {
        const double Transfers = BatchSize * Batches;
        double time = Stopwatch.GetElapsedTime(from).TotalNanoseconds / Transfers;
        double allocated = (GC.GetAllocatedBytesForCurrentThread() - bytes) / Transfers;
        return string.Create(CultureInfo.InvariantCulture, $"| {name} | {time:0} | {allocated:0.00} |");
    }
}
