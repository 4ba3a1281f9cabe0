using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Iskra.EndToEnd.Tests.Api;
using Iskra.EndToEnd.Tests.Crash;
using Iskra.Testing;

namespace Iskra.EndToEnd.Tests.Replicas;

public sealed class ReplicaTests : IAsyncLifetime
{
    private const int Clients = 6;

    private ReplicaSet? _set;

    private ReplicaSet Set => _set!;

    public async ValueTask InitializeAsync() => _set = await ReplicaSet.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_set is not null)
        {
            await _set.DisposeAsync();
        }
    }

    [Fact]
    public async Task Post_AtEitherProcess_IsPostedOnceAndReadAtBoth()
    {
        Guid debit = await Set.Nodes[0].OpenAccountAsync("asset", "A");
        Guid credit = await Set.Nodes[1].OpenAccountAsync("liability", "B");

        for (int index = 0; index < 20; index++)
        {
            SentTransfer transfer = new() { Id = Guid.CreateVersion7(), DebitAccountId = debit, CreditAccountId = credit, AmountMinor = 5 };
            Answer first = await Set.Nodes[index % 2].Client.PostAnswerAsync(ApiCalls.Transfers, transfer);
            Answer again = await Set.Nodes[1 - (index % 2)].Client.PostAnswerAsync(ApiCalls.Transfers, transfer);
            Answer balance = await Set.Nodes[1 - (index % 2)].Client.GetAnswerAsync($"{ApiCalls.Accounts}/{credit}/balance");

            Assert.True(first.Status == HttpStatusCode.Created, first.ToString());
            Assert.True(again.Status == HttpStatusCode.OK, again.ToString());
            Assert.Equal("exists", again["status"]);
            Assert.Equal((index + 1) * 5, balance.Body.GetProperty("creditsPostedMinor").GetInt64());
        }
    }

    [Fact]
    public async Task Kill_OfTheWriterUnderLoad_LosesNothingAndTheOtherTakesOver()
    {
        int seed = TestSeed.Take();
        List<Guid> accounts = [];
        for (int index = 0; index < 10; index++)
        {
            accounts.Add(await Set.Nodes[index % 2].OpenAccountAsync(index % 2 == 0 ? "asset" : "liability", $"Account {index}"));
        }

        Guid empty = await Set.Nodes[0].OpenAccountAsync("liability", "Without funds", "debitsMayNotExceedCredits");
        ReplicaLoad load = new(Set.Client, accounts, empty, seed);
        Task running = load.RunAsync(Clients);
        await load.AnsweredAsync(500);
        await Set.Nodes[0].KillAsync();
        await load.AnsweredAsync(500);
        await Set.RestartAsync(0);
        await load.AnsweredAsync(200);
        await Set.Nodes[1].KillAsync();
        await load.AnsweredAsync(500);
        load.Stop();
        await running;

        TestSeed.Say($"{load.Answered} answered, {load.Repeated} repeats, {load.GivenUp} given up");
        Assert.True(load.GivenUp * 100 <= load.Answered, $"{load.GivenUp} of {load.Answered + load.GivenUp} requests failed");
        await CompareAsync(load);
        IskraResult verified = await IskraProcess.RunAsync(Set.Environment, "cards", "verify", "--data", Set.DataFolder);
        Assert.True(verified.ExitCode == 0, $"{verified.Output}\n{verified.Error}");
    }

    [Fact]
    public async Task Pulse_ThroughTheLoadBalancer_SurvivesTheDeathOfEitherProcess()
    {
        Assert.True((await ReadFrameAsync()).TryGetProperty("at", out _));

        await Set.Nodes[0].KillAsync();
        Assert.True((await ReadFrameAsync()).TryGetProperty("at", out _));

        await Set.RestartAsync(0);
        await Set.Nodes[1].KillAsync();
        Assert.True((await ReadFrameAsync()).TryGetProperty("at", out _));
    }

    private async Task CompareAsync(ReplicaLoad load)
    {
        List<JsonElement> journal = await Set.Nodes[0].Client.GetAllAsync(ApiCalls.Transfers);
        HashSet<Guid> posted = [];
        foreach (JsonElement item in journal)
        {
            Assert.True(posted.Add(item.GetProperty("id").GetGuid()), $"Posted twice: {item}");
        }

        Guid[] acknowledged =
            [.. load.Acknowledged.Where(one => !one.IsRefused).SelectMany(one => one.Transfers).Select(transfer => transfer.Id)];
        Assert.NotEmpty(acknowledged);
        Assert.Empty(acknowledged.Except(posted));
    }

    /// <summary>One frame of Pulse; as a browser does, connects again when the first attempt meets a dead process.</summary>
    private async Task<JsonElement> ReadFrameAsync()
    {
        using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(100));
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                using ClientWebSocket socket = new();
                socket.Options.SetRequestHeader("Authorization", $"Bearer {IskraProcess.AdminKey}");
                UriBuilder address = new(Set.Address) { Scheme = "ws", Path = "/ws/pulse" };
                await socket.ConnectAsync(address.Uri, TestContext.Current.CancellationToken);
                using MemoryStream frame = new();
                byte[] buffer = new byte[16 * 1024];
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await socket.ReceiveAsync(buffer.AsMemory(), TestContext.Current.CancellationToken);
                    await frame.WriteAsync(buffer.AsMemory(0, part.Count));
                }
                while (!part.EndOfMessage);
                return JsonSerializer.Deserialize<JsonElement>(frame.ToArray());
            }
            catch (WebSocketException) when (attempt < 20)
            {
                await pause.WaitForNextTickAsync();
            }
        }
    }
}
