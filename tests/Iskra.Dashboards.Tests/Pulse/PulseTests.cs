using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Iskra.Modules.Dashboards.Contracts;
using Iskra.Modules.Dashboards.Pulse;
using Iskra.Platform.Events;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Iskra.Dashboards.Tests.Pulse;

public sealed class PulseTests
{
    private static readonly KeyValuePair<string, object?> Ok = new("result", "ok");
    private static readonly KeyValuePair<string, object?> Rejected = new("result", "rejected");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tick_TransfersWerePosted_ShowsTheSecondsRatesAndQuantiles()
    {
        await using TestPulse pulse = await TestPulse.StartAsync();
        pulse.Tick();
        pulse.Transfers.Add(500, Ok);
        pulse.Transfers.Add(100, Rejected);
        pulse.QueueDepth = 42;
        for (int i = 1; i <= 100; i++)
        {
            pulse.Posting.Record(i / 1_000d);
        }

        long ticks = TicksOf(pulse);
        JsonElement now = pulse.Tick().GetProperty("now");
        Assert.Equal(ticks + 1, TicksOf(pulse));
        Assert.Equal(500, now.GetProperty("transactionsPerSecond").GetDouble());
        Assert.InRange(now.GetProperty("p50Ms").GetDouble(), 47.5, 52.5);
        Assert.Equal(500, now.GetProperty("transfersTotal").GetInt64());
        Assert.Equal(42, now.GetProperty("queueDepth").GetInt64());
        Assert.Equal(8_190, now.GetProperty("queueCapacity").GetInt64());
        Assert.Equal(0, now.GetProperty("errorRate").GetDouble());
        Assert.True(now.GetProperty("memoryBytes").GetInt64() > 0);
    }

    [Fact]
    public async Task Measure_OneSecond_IsTheGrowthOfThatSecondAlone()
    {
        await using TestPulse pulse = await TestPulse.StartAsync();
        PulseMeasure measure = ActivatorUtilities.CreateInstance<PulseMeasure>(pulse.Services);
        pulse.Transfers.Add(7, Ok);
        pulse.Posting.Record(5);
        pulse.Time.Advance(TimeSpan.FromSeconds(1));
        measure.Measure();

        pulse.Transfers.Add(500, Ok);
        pulse.Transfers.Add(100, Rejected);
        pulse.Refused.Add(200);
        for (int i = 1; i <= 100; i++)
        {
            pulse.Posting.Record(i / 1_000d);
        }

        pulse.Time.Advance(TimeSpan.FromSeconds(2));
        PulseNow now = measure.Measure();
        Assert.Equal(250, now.TransactionsPerSecond);
        Assert.Equal(0.25, now.ErrorRate);
        Assert.InRange(now.P50Ms!.Value, 47.5, 52.5);
        Assert.InRange(now.P95Ms!.Value, 90.25, 99.75);
        Assert.InRange(now.P99Ms!.Value, 94.05, 103.95);

        pulse.Time.Advance(TimeSpan.FromSeconds(1));
        now = measure.Measure();
        Assert.Equal(0, now.TransactionsPerSecond);
        Assert.Null(now.P50Ms);
        Assert.Equal(507, now.TransfersTotal);
    }

    [Fact]
    public async Task Snapshot_MorePointsThanKept_HoldsTheNewestOldestFirst()
    {
        await using TestPulse pulse = await TestPulse.StartAsync(("Dashboards:Pulse:HistoryMax", "3"));
        PulseHistoryBuffer buffer = new(3);
        for (int i = 1; i <= 5; i++)
        {
            buffer.Add(new PulseNow(i, 0, null, null, null, 0, 0, 0, 0, 0, 0));
        }

        DateTimeOffset at = pulse.Time.GetUtcNow();
        PulseHistory history = buffer.ToHistory(at);
        Assert.Equal((double[])[3, 4, 5], history.TransactionsPerSecond);
        Assert.Equal(at.AddSeconds(-2), history.StartedAt);
        Assert.All(history.P50Ms, value => Assert.Null(value));
    }

    [Fact]
    public async Task Snapshot_AskedTwiceInASecond_IsTheSameBytes()
    {
        await using TestPulse pulse = await TestPulse.StartAsync();
        byte[] first = pulse.State.SnapshotBytes();
        Assert.Same(first, pulse.State.SnapshotBytes());
        pulse.Tick();
        Assert.NotSame(first, pulse.State.SnapshotBytes());
    }

    [Fact]
    public async Task Handle_ManyCommitsAndRepeats_KeepsTheNewestTwenty()
    {
        await using TestPulse pulse = await TestPulse.StartAsync();
        await pulse.CommitAsync([.. Enumerable.Range(1, 30)]);
        await pulse.CommitAsync(29, 30, 31);

        IEnumerable<long> newest = Enumerable.Range(0, 20).Select(i => 31L - i);
        Assert.Equal(newest, pulse.Recent.NewestFirst.Select(commit => commit.LastSequence));
        JsonElement commit = pulse.Tick().GetProperty("recent")[0];
        Assert.Equal("2026-01-01T00:00:00+00:00", commit.GetProperty("at").GetString());
        Assert.Equal(31, commit.GetProperty("lastSequence").GetInt64());
    }

    [Fact]
    public async Task Handle_UnreadableEvent_IsLeftOut()
    {
        await using TestPulse pulse = await TestPulse.StartAsync();
        StoredEvent bad = new(1, PulseRecent.CommittedType, 9, "ledger", "[]", pulse.Time.GetUtcNow());
        await pulse.Recent.HandleAsync([bad], Cancellation);
        await pulse.CommitAsync(1);
        Assert.Single(pulse.Recent.NewestFirst);
    }

    [Fact]
    public async Task GetPulse_Json_HasTheContractsFields()
    {
        await using TestPulse pulse = await TestPulse.StartAsync();
        pulse.Tick();
        using HttpClient client = new() { BaseAddress = pulse.Address };
        using HttpResponseMessage response = await client.GetAsync("/v1/dashboards/pulse", Cancellation);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        JsonElement root = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation)).RootElement;

        Assert.Equal((string[])["type", "at", "sequence", "intervalSeconds", "now", "history", "recent"], NamesOf(root));
        Assert.Equal(
            (string[])["transactionsPerSecond", "requestsPerSecond", "p50Ms", "p95Ms", "p99Ms", "errorRate", "queueDepth", "queueCapacity",
                "cpuPercent", "memoryBytes", "transfersTotal"],
            NamesOf(root.GetProperty("now")));
        Assert.Equal(
            (string[])["startedAt", "intervalSeconds", "transactionsPerSecond", "p50Ms", "p95Ms", "p99Ms", "errorRate", "queueDepth",
                "cpuPercent", "memoryBytes"],
            NamesOf(root.GetProperty("history")));
        Assert.Equal(JsonValueKind.Null, root.GetProperty("now").GetProperty("p50Ms").ValueKind);
    }

    [Fact]
    public async Task WebSocket_Connect_SendsTheSnapshotThenFrames()
    {
        await using TestPulse pulse = await TestPulse.StartAsync();
        using ClientWebSocket socket = new();
        await socket.ConnectAsync(new Uri($"ws://{pulse.Address.Authority}/ws/pulse"), Cancellation);
        JsonElement snapshot = await ReceiveAsync(socket);
        Assert.Equal("snapshot", snapshot.GetProperty("type").GetString());

        pulse.Tick();
        JsonElement frame = await ReceiveAsync(socket);
        Assert.Equal("frame", frame.GetProperty("type").GetString());
        Assert.True(frame.GetProperty("sequence").GetInt64() > snapshot.GetProperty("sequence").GetInt64());
        Assert.Equal((string[])["type", "at", "sequence", "now", "recent"], NamesOf(frame));
    }

    [Fact]
    public async Task OpenApi_Document_DescribesTheSnapshot()
    {
        await using TestPulse pulse = await TestPulse.StartAsync();
        using HttpClient client = new() { BaseAddress = pulse.Address };
        string document = await client.GetStringAsync("/openapi/v1.json", Cancellation);
        JsonElement schemas = JsonDocument.Parse(document).RootElement.GetProperty("components").GetProperty("schemas");
        foreach (string name in (string[])["PulseSnapshot", "PulseFrame", "PulseNow", "PulseHistory", "PulseCommit"])
        {
            Assert.True(schemas.TryGetProperty(name, out _), name);
        }
    }

    private static long TicksOf(TestPulse pulse) => pulse.Snapshot().GetProperty("sequence").GetInt64();

    private static string[] NamesOf(JsonElement element) => [.. element.EnumerateObject().Select(property => property.Name)];

    private static async Task<JsonElement> ReceiveAsync(ClientWebSocket socket)
    {
        byte[] buffer = new byte[256 * 1_024];
        int length = 0;
        WebSocketReceiveResult result;
        do
        {
            result = await socket.ReceiveAsync(new ArraySegment<byte>(buffer, length, buffer.Length - length), Cancellation);
            length += result.Count;
        }
        while (!result.EndOfMessage);

        return JsonDocument.Parse(Encoding.UTF8.GetString(buffer, 0, length)).RootElement;
    }
}
