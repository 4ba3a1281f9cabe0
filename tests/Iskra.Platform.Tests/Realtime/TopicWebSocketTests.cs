using System.Net;
using System.Net.WebSockets;
using Xunit;

namespace Iskra.Platform.Tests.Realtime;

public sealed class TopicWebSocketTests
{
    [Fact]
    public async Task Connect_Topic_SendsTheLatestThenEachFrame()
    {
        await using RealtimeServer server = await RealtimeServer.StartAsync();
        server.Publish("first");
        using ClientWebSocket one = await server.ConnectAsync();
        using ClientWebSocket two = await server.ConnectAsync();
        Assert.Equal("first", await RealtimeServer.ReceiveAsync(one));
        Assert.Equal("first", await RealtimeServer.ReceiveAsync(two));

        server.Publish("second");
        Assert.Equal("second", await RealtimeServer.ReceiveAsync(one));
        Assert.Equal("second", await RealtimeServer.ReceiveAsync(two));
    }

    [Fact]
    public async Task Connect_TopicWithWelcome_SendsTheWelcomeFirst()
    {
        await using RealtimeServer server = await RealtimeServer.StartAsync();
        server.Topic.Welcome = () => "welcome"u8.ToArray();
        server.Publish("old");
        using ClientWebSocket socket = await server.ConnectAsync();

        Assert.Equal("welcome", await RealtimeServer.ReceiveAsync(socket));
    }

    [Fact]
    public async Task Stop_OpenConnection_IsClosedWith1001()
    {
        await using RealtimeServer server = await RealtimeServer.StartAsync();
        server.Publish("first");
        using ClientWebSocket socket = await server.ConnectAsync();
        await RealtimeServer.ReceiveAsync(socket);

        Task stopping = server.App.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal("close 1001", await RealtimeServer.ReceiveAsync(socket));
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);
        await stopping;
        Assert.Equal(0, server.Topic.ConnectionCount);
    }

    [Fact]
    public async Task Connect_ConnectionOverItsAge_IsClosedWith1001()
    {
        await using RealtimeServer server = await RealtimeServer.StartAsync(("ConnectionAgeMax", "00:00:01"));
        using ClientWebSocket socket = await server.ConnectAsync();

        Assert.Equal("close 1001", await RealtimeServer.ReceiveAsync(socket));
    }

    [Fact]
    public async Task Connect_TopicIsFull_Is503WithRetryAfter()
    {
        await using RealtimeServer server = await RealtimeServer.StartAsync(("ConnectionsPerTopicMax", "1"));
        server.Publish("first");
        using ClientWebSocket first = await server.ConnectAsync();
        await RealtimeServer.ReceiveAsync(first);
        using HttpClient client = new() { BaseAddress = server.Address };

        using HttpResponseMessage refused = await client.GetAsync(
            "/stream", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        await Assert.ThrowsAsync<WebSocketException>(() => server.ConnectAsync());
    }

    [Fact]
    public async Task Connect_PageOfAnotherOrigin_IsRefused()
    {
        await using RealtimeServer server = await RealtimeServer.StartAsync(("AllowedOrigins:0", "https://ops.example"));
        server.Publish("first");
        await Assert.ThrowsAsync<WebSocketException>(() => server.ConnectAsync("https://evil.example"));
        await Assert.ThrowsAsync<WebSocketException>(() => server.ConnectAsync("null"));

        using ClientWebSocket own = await server.ConnectAsync($"http://{server.Address.Authority}");
        using ClientWebSocket allowed = await server.ConnectAsync("https://ops.example");
        Assert.Equal("first", await RealtimeServer.ReceiveAsync(own));
        Assert.Equal("first", await RealtimeServer.ReceiveAsync(allowed));
    }

    [Fact]
    public async Task Get_WithoutUpgrade_Is426()
    {
        await using RealtimeServer server = await RealtimeServer.StartAsync();
        using HttpClient client = new() { BaseAddress = server.Address };
        using HttpResponseMessage response = await client.GetAsync("/ws", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.UpgradeRequired, response.StatusCode);
    }

    [Fact]
    public async Task Close_ByTheClient_FreesItsPlace()
    {
        await using RealtimeServer server = await RealtimeServer.StartAsync();
        server.Publish("first");
        using ClientWebSocket socket = await server.ConnectAsync();
        await RealtimeServer.ReceiveAsync(socket);
        Assert.Equal(1, server.Topic.ConnectionCount);

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);
        await server.App.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, server.Topic.ConnectionCount);
    }

    [Fact]
    public async Task Connect_PeerThatNeverReads_IsDroppedAndHoldsNobodyUp()
    {
        await using RealtimeServer server = await RealtimeServer.StartAsync(("SendTimeout", "00:00:03"));
        server.Publish("first");
        using ClientWebSocket reader = await server.ConnectAsync();
        using ClientWebSocket dead = await server.ConnectAsync();
        await RealtimeServer.ReceiveAsync(reader);
        await RealtimeServer.ReceiveAsync(dead);

        // Larger than what the sockets buffer: the dead peer's send can't complete.
        byte[] large = new byte[16 * 1_024 * 1_024];
        Array.Fill(large, (byte)'x');
        Task<int> reading = CountBytesAsync(reader);
        server.Topic.Publish(large);
        Assert.Equal(large.Length, await reading);
        while (server.Topic.ConnectionCount > 1)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static async Task<int> CountBytesAsync(ClientWebSocket socket)
    {
        byte[] buffer = new byte[64 * 1_024];
        int bytes = 0;
        while (true)
        {
            WebSocketReceiveResult result = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
            bytes += result.Count;
            if (result.EndOfMessage)
            {
                return bytes;
            }
        }
    }
}
