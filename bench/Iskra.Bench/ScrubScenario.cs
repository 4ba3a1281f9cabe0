using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Iskra.Platform.Telemetry.Scrubbing;

namespace Iskra.Bench;

/// <summary><c>scrub</c>: what it costs to look through a line of a log for secrets.</summary>
internal static class ScrubScenario
{
    private const int Rounds = 1_000_000;

    private static readonly (string Name, string Text)[] Lines =
    [
        ("clean, 100 characters",
            "Ledger ready at journal sequence 1200000; 0 entries replayed in 41 ms after the start of this process"),
        ("clean, ids and instants",
            "POST /v1/cards/transfers 0190a1b2-c3d4-7e5f-8091-a2b3c4d5e6f7 at 2026-11-21T10:51:52.170374Z, 1732186312170374, in 3 of 8"),
        ("clean, words of secrets", "The token of key 7 was refused: its password rules need more than 12 characters, see session rules"),
        ("a card number", "Refused 4111 1111 1111 1111 for account 0190a1b2-c3d4-7e5f-8091-a2b3c4d5e6f7 because of its limit"),
        ("a password in an address", "Connecting to amqp://iskra:correct-horse@broker.example:5672/main failed; next try in 00:00:05"),
    ];

    public static Command Create()
    {
        Command command = new("scrub", "Measures the search for secrets in log lines.");
        command.SetAction(async (_, _) => await Console.Out.WriteLineAsync(Run()));
        return command;
    }

    private static string Run()
    {
        List<string> rows = ["| line | characters | ns | bytes |", "|---|--:|--:|--:|"];
        foreach ((string name, string text) in Lines)
        {
            double best = double.MaxValue;
            double allocated = 0;
            for (int repeat = 0; repeat < 5; repeat++)
            {
                long bytes = GC.GetAllocatedBytesForCurrentThread();
                long from = Stopwatch.GetTimestamp();
                for (int round = 0; round < Rounds; round++)
                {
                    _ = Scrubber.Scrub(text);
                }

                best = Math.Min(best, Stopwatch.GetElapsedTime(from).TotalNanoseconds / Rounds);
                allocated = (GC.GetAllocatedBytesForCurrentThread() - bytes) / (double)Rounds;
            }

            rows.Add(string.Create(CultureInfo.InvariantCulture, $"| {name} | {text.Length} | {best:0} | {allocated:0} |"));
        }

        return string.Join('\n', rows);
    }
}
