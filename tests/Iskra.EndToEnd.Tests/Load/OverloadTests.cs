using System.Diagnostics;
using System.Globalization;
using System.Net;
using Iskra.EndToEnd.Tests.Api;
using Iskra.EndToEnd.Tests.Crash;
using Iskra.Testing;

namespace Iskra.EndToEnd.Tests.Load;

/// <summary>More work than the queue holds is refused at once, and costs nothing afterwards.</summary>
public sealed class OverloadTests
{
    private const int QueueMax = 2_000;
    private const int BatchSize = 1_000;
    private const int Senders = 24;
    private const int RefusalsWanted = 200;
    private const int AttemptsMax = 20_000;
    private const long MemoryGrowthMax = 512L * 1024 * 1024;

    [Fact]
    public async Task Post_MoreThanTheQueueHolds_IsRefusedEarlyAndServiceGoesOn()
    {
        using TestFolder folder = new();
        Dictionary<string, string?> environment = new()
        {
            ["ISKRA__Cards__Posting__QueueTransfersMax"] = QueueMax.ToString(CultureInfo.InvariantCulture),
        };
        await using IskraProcess iskra = await IskraProcess.StartAsync(folder["data"], environment);
        Guid debit = await iskra.OpenAccountAsync("asset", "Debit");
        Guid credit = await iskra.OpenAccountAsync("liability", "Credit");
        long memoryBefore = MemoryOf(iskra);
        int attempts = 0;
        int accepted = 0;
        int refused = 0;
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => SendAsync()));

        Assert.True(refused >= RefusalsWanted, $"Only {refused} of {attempts} batches were refused.");
        Assert.True(accepted > 0, "Nothing was accepted under overload.");
        long growth = MemoryOf(iskra) - memoryBefore;
        Assert.True(growth < MemoryGrowthMax, $"Memory grew by {growth} bytes.");
        await AssertNormalServiceAsync(iskra, debit, credit, (long)accepted * BatchSize);

        async Task SendAsync()
        {
            while (Volatile.Read(ref refused) < RefusalsWanted && Interlocked.Increment(ref attempts) < AttemptsMax)
            {
                Answer answer = await iskra.Client.PostAnswerAsync(ApiCalls.Batch, new { transfers = Transfers(debit, credit) });
                if (answer.Status == HttpStatusCode.OK)
                {
                    Assert.Equal(BatchSize, answer.Body.GetProperty("ok").GetInt32());
                    Interlocked.Increment(ref accepted);
                }
                else
                {
                    AssertRefusal(answer);
                    Interlocked.Increment(ref refused);
                }
            }
        }
    }

    private static void AssertRefusal(Answer answer)
    {
        Assert.True(answer.Status == HttpStatusCode.ServiceUnavailable, answer.ToString());
        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.Equal("busy", answer["code"]);
        Assert.InRange(answer.RetryAfter ?? TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
    }

    /// <summary>A refused batch left nothing behind, an accepted one all of it, and the next transfer is posted.</summary>
    private static async Task AssertNormalServiceAsync(IskraProcess iskra, Guid debit, Guid credit, long posted)
    {
        Answer single = await iskra.Client.PostAnswerAsync(ApiCalls.Transfers, Transfers(debit, credit)[0]);
        Assert.True(single.Status == HttpStatusCode.Created, single.ToString());
        Answer balance = await iskra.Client.GetAnswerAsync($"{ApiCalls.Accounts}/{credit}/balance");
        Assert.Equal(posted + 1, balance.Body.GetProperty("creditsPostedMinor").GetInt64());
        Answer metrics = await iskra.Client.GetAnswerAsync("/metrics");
        Assert.Matches(@"(?m)^iskra_cards_posting_rejected\S* [1-9]", metrics.Text);
        Assert.Matches(@"(?m)^iskra_cards_posting_queue_depth\S* 0\b", metrics.Text);
    }

    private static SentTransfer[] Transfers(Guid debit, Guid credit) =>
    [
        .. Enumerable.Range(0, BatchSize).Select(_ => new SentTransfer
        {
            Id = Guid.CreateVersion7(),
            DebitAccountId = debit,
            CreditAccountId = credit,
            AmountMinor = 1,
        }),
    ];

    private static long MemoryOf(IskraProcess iskra)
    {
        using Process process = Process.GetProcessById(iskra.ProcessId);
        return process.WorkingSet64;
    }
}
