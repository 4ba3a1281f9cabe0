using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Iskra.EndToEnd.Tests.Api;
using Iskra.Testing;

namespace Iskra.EndToEnd.Tests.Crash;

/// <summary>
/// Rounds of load, kill -9, restart and comparison on one store. The comparison is exact: what must be in the journal is what was
/// acknowledged before the kill, and after the rest was sent again, everything that was sent.
/// </summary>
internal sealed class CrashRun(int seed, string dataFolder, IReadOnlyDictionary<string, string?> environment)
{
    private const int Clients = 6;
    private const int AccountCount = 20;
    private const int AcknowledgedMax = 700;
    private const int LastMomentMilliseconds = 25;

    private readonly Random _random = new(seed);
    private readonly List<Guid> _accounts = [];
    private readonly List<SentTransfer> _expected = [];
    private readonly HashSet<Guid> _journal = [];
    private Guid _emptyAccount;
    private long _lastSequence;
    private int _unacknowledged;

    public async Task RunAsync(int rounds)
    {
        IskraProcess iskra = await StartAsync();
        try
        {
            await OpenAccountsAsync(iskra);
            for (int round = 1; round <= rounds; round++)
            {
                IReadOnlyList<Operation> operations = await LoadUntilKilledAsync(iskra);
                await iskra.DisposeAsync();
                iskra = await StartAsync();
                await CompareAsync(iskra, operations);
            }

            Assert.Equal(0, await iskra.TerminateAsync());
        }
        finally
        {
            await iskra.DisposeAsync();
        }

        TestSeed.Say($"{rounds} kills, {_journal.Count} transfers, {_unacknowledged} requests without an answer");
        IskraResult verified = await IskraProcess.RunAsync(environment, "cards", "verify", "--data", dataFolder);
        Assert.True(verified.ExitCode == 0, $"{verified.Output}\n{verified.Error}");
    }

    private Task<IskraProcess> StartAsync() => IskraProcess.StartAsync(dataFolder, environment);

    private async Task OpenAccountsAsync(IskraProcess iskra)
    {
        for (int index = 0; index < AccountCount; index++)
        {
            _accounts.Add(await iskra.OpenAccountAsync(index % 2 == 0 ? "asset" : "liability", $"Account {index}"));
        }

        _emptyAccount = await iskra.OpenAccountAsync("liability", "Without funds", "debitsMayNotExceedCredits");
    }

    private async Task<IReadOnlyList<Operation>> LoadUntilKilledAsync(IskraProcess iskra)
    {
        int killAfter = _random.Next(AcknowledgedMax);
        TimeSpan lastMoment = TimeSpan.FromMilliseconds(_random.NextDouble() * LastMomentMilliseconds);
        TaskCompletionSource enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ConcurrentQueue<Operation> sent = [];
        int acknowledged = 0;
        Task[] clients = [.. Enumerable.Range(0, Clients).Select(_ => RunClientAsync(_random.Next()))];
        Task clientsEnded = Task.WhenAll(clients);
        await Task.WhenAny(enough.Task, clientsEnded);
        await Task.Delay(lastMoment);
        Assert.True(enough.Task.IsCompletedSuccessfully, $"The server failed before it was killed:\n{iskra.Error}");
        await iskra.KillAsync();
        await clientsEnded;
        return [.. sent];

        async Task RunClientAsync(int clientSeed)
        {
            Workload workload = new(clientSeed, _accounts, _emptyAccount);
            while (true)
            {
                Operation operation = workload.Next();
                sent.Enqueue(operation);
                if (await iskra.Client.TrySendAsync(operation) is not { } statuses)
                {
                    return;
                }

                AssertFirst(operation, statuses);
                operation.IsAcknowledged = true;
                workload.Acknowledged(operation);
                if (Interlocked.Increment(ref acknowledged) > killAfter)
                {
                    enough.TrySetResult();
                }
            }
        }
    }

    private async Task CompareAsync(IskraProcess iskra, IReadOnlyList<Operation> operations)
    {
        await ReadJournalAsync(iskra);
        SentTransfer[] acknowledged = [.. Accepted(operations.Where(operation => operation.IsAcknowledged))];
        Assert.Empty(acknowledged.Where(transfer => !_journal.Contains(transfer.Id)).Select(transfer => transfer.Id));

        foreach (Operation operation in operations)
        {
            bool isNew = !operation.IsAcknowledged;
            if (isNew || _random.Next(8) == 0)
            {
                _unacknowledged += isNew ? 1 : 0;
                IReadOnlyList<string> statuses = await iskra.Client.TrySendAsync(operation)
                    ?? throw new InvalidOperationException($"The restarted server doesn't answer:\n{iskra.Error}");
                AssertAgain(operation, statuses, isNew);
            }
        }

        await ReadJournalAsync(iskra);
        _expected.AddRange(Accepted(operations));
        Assert.Equal(_expected.Count, _journal.Count);
        Assert.Empty(_expected.Where(transfer => !_journal.Contains(transfer.Id)).Select(transfer => transfer.Id));
        Assert.Equal(_expected.Count, _lastSequence);
        await CompareBalancesAsync(iskra);
    }

    private static IEnumerable<SentTransfer> Accepted(IEnumerable<Operation> operations) =>
        operations.Where(operation => !operation.IsRefused).SelectMany(operation => operation.Transfers);

    /// <summary>Reads what the journal gained since the last time; none of it may have been there before.</summary>
    private async Task ReadJournalAsync(IskraProcess iskra)
    {
        long newest = _lastSequence;
        long oldest = long.MaxValue;
        string? cursor = null;
        do
        {
            Answer page = await iskra.Client.GetAnswerAsync($"{ApiCalls.Transfers}?limit=500{(cursor is null ? "" : "&cursor=" + cursor)}");
            Assert.True(page.Status == HttpStatusCode.OK, page.ToString());
            foreach (JsonElement item in page.Body.GetProperty("items").EnumerateArray())
            {
                long sequence = item.GetProperty("sequence").GetInt64();
                Assert.True(sequence < oldest, $"The journal holds line {sequence} after line {oldest}.");
                oldest = sequence;
                if (sequence > _lastSequence)
                {
                    newest = Math.Max(newest, sequence);
                    Assert.True(_journal.Add(item.GetProperty("id").GetGuid()), $"Posted twice: {item}");
                }
            }

            cursor = page["nextCursor"];
        }
        while (cursor is not null && oldest > _lastSequence);
        _lastSequence = newest;
    }

    private async Task CompareBalancesAsync(IskraProcess iskra)
    {
        Dictionary<Guid, ExpectedBalance> expected = ExpectedBalance.Fold(_expected);
        foreach (Guid account in _accounts.Append(_emptyAccount))
        {
            Answer answer = await iskra.Client.GetAnswerAsync($"{ApiCalls.Accounts}/{account}/balance");
            Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
            if (expected.GetValueOrDefault(account) != ExpectedBalance.From(answer.Body))
            {
                Assert.Fail(await DescribeAsync(iskra, account, expected.GetValueOrDefault(account), answer));
            }
        }
    }

    /// <summary>Tells a wrong row from a wrong answer: the answer again, the statement's newest lines, and the verification.</summary>
    private async Task<string> DescribeAsync(IskraProcess iskra, Guid account, ExpectedBalance expected, Answer answer)
    {
        Answer again = await iskra.Client.GetAnswerAsync($"{ApiCalls.Accounts}/{account}/balance");
        Answer statement = await iskra.Client.GetAnswerAsync($"{ApiCalls.Accounts}/{account}/statement?limit=10");
        await iskra.KillAsync();
        IskraResult verified = await IskraProcess.RunAsync(environment, "cards", "verify", "--data", dataFolder);
        return $"expected {expected}\nanswered {answer}\nagain {again}\n{statement}\n"
            + $"verify: {verified.ExitCode} {verified.Output} {verified.Error}";
    }

    private static void AssertFirst(Operation operation, IReadOnlyList<string> statuses)
    {
        if (operation.IsRefused)
        {
            AssertRefused(statuses);
        }
        else
        {
            Assert.All(statuses, status => Assert.Equal("ok", status));
        }
    }

    private static void AssertAgain(Operation operation, IReadOnlyList<string> statuses, bool isNew)
    {
        if (operation.IsRefused)
        {
            AssertRefused(statuses);
            return;
        }

        // A request is one commit, so a retry finds all of it or nothing.
        string status = Assert.Single(statuses.Distinct());
        Assert.Contains(status, isNew ? ["ok", "exists"] : new[] { "exists" });
    }

    private static void AssertRefused(IReadOnlyList<string> statuses)
    {
        Assert.Equal("exceeds-credits", statuses[^1]);
        Assert.All(statuses.SkipLast(1), status => Assert.Equal("linked-transfer-failed", status));
    }
}
