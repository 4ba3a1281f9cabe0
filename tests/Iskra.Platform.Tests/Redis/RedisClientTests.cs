using System.Net;
using System.Net.Sockets;
using System.Text;
using Iskra.Platform.Redis;
using Iskra.Platform.Tests.Data;
using Iskra.Testing;

namespace Iskra.Platform.Tests.Redis;

public sealed class RedisClientTests
{
    private const string Password = "p@ss/word:secret";

    [Fact]
    public async Task SendAsync_BinaryValue_ComesBackAsSent()
    {
        Requirement.Redis();
        await using TestRedis redis = await TestRedis.ConnectAsync(await RedisServer.SharedAsync());
        byte[] value = [0, 13, 10, 255, 36, 42];
        string key = redis.Client.Prefix + "binary";
        await redis.Client.SendAsync("SET", key, value, "PX", 60_000);
        Assert.Equal(value, (await redis.Client.SendAsync("GET", key)).Bytes.ToArray());
        Assert.True((await redis.Client.SendAsync("GET", key + "?")).IsNull);
        Assert.Equal(1, (await redis.Client.SendAsync("DEL", key)).Integer);
    }

    [Fact]
    public async Task SendAsync_HugeValues_PassBothWays()
    {
        Requirement.Redis();
        await using TestRedis redis = await TestRedis.ConnectAsync(await RedisServer.SharedAsync());
        byte[] value = new byte[24 << 20];
        new Random(3).NextBytes(value);
        string key = redis.Client.Prefix + "huge";
        await redis.Client.SendAsync("SET", key, value, "PX", 60_000);
        Task<RedisReply>[] reads = [.. Enumerable.Range(0, 3).Select(_ => redis.Client.SendAsync("GET", key))];
        foreach (Task<RedisReply> read in reads)
        {
            Assert.True((await read).Bytes.Span.SequenceEqual(value));
        }

        await redis.Client.SendAsync("DEL", key);
    }

    [Fact]
    public async Task SendAsync_ReplyOverTheLimit_BreaksTheConnectionAndRecovers()
    {
        Requirement.Redis();
        await using TestRedis redis = await TestRedis.ConnectAsync(await RedisServer.SharedAsync(), o => o.ReplyBytesMax = 4_096);
        string key = redis.Client.Prefix + "large";
        await redis.Client.SendAsync("SET", key, new byte[10_000], "PX", 60_000);
        RedisException exception = await Assert.ThrowsAsync<RedisException>(() => redis.Client.SendAsync("GET", key));
        Assert.Equal(RedisFault.ConnectionLost, exception.Fault);
        await TestRedis.UntilAsync(() => redis.Lines.Count(line => line.StartsWith("1700 ", StringComparison.Ordinal)) == 2);
        await redis.Client.SendAsync("PING");
    }

    [Fact]
    public async Task SendAsync_100000InThePipeline_EachGetsItsOwnAnswer()
    {
        Requirement.Redis();
        await using TestRedis redis = await TestRedis.ConnectAsync(await RedisServer.SharedAsync(), o => o.QueueMax = 200_000);
        Task<RedisReply>[] answers = new Task<RedisReply>[100_000];
        for (int number = 0; number < answers.Length; number++)
        {
            answers[number] = redis.Client.SendAsync("ECHO", (long)number);
        }

        for (int number = 0; number < answers.Length; number++)
        {
            Assert.Equal(number, (await answers[number]).Integer);
        }
    }

    [Fact]
    public async Task SendAsync_ManyThreads_AnswersStayInPlace()
    {
        Requirement.Redis();
        await using TestRedis redis = await TestRedis.ConnectAsync(await RedisServer.SharedAsync());
        await Parallel.ForAsync(0, 5_000, async (number, _) =>
            Assert.Equal(number, (await redis.Client.SendAsync("ECHO", (long)number)).Integer));
    }

    [Fact]
    public async Task SendAsync_ServerError_IsACodeWithoutArguments()
    {
        Requirement.Redis();
        await using TestRedis redis = await TestRedis.ConnectAsync(await RedisServer.SharedAsync());
        RedisException exception = await Assert.ThrowsAsync<RedisException>(() => redis.Client.SendAsync("NOSUCH", "top-secret"));
        Assert.Equal((RedisFault.Refused, "ERR"), (exception.Fault, exception.Code));
        Assert.DoesNotContain("secret", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EvaluateAsync_UnknownScript_IsLoadedOnce()
    {
        Requirement.Redis();
        await using TestRedis redis = await TestRedis.ConnectAsync(await RedisServer.SharedAsync());
        RedisScript script = new($"return ARGV[1] + 1 -- {redis.Client.Prefix}");
        Assert.Equal(0, (await redis.Client.SendAsync("SCRIPT", "EXISTS", script.Hash)).Items[0].Integer);
        Assert.Equal(42, (await redis.Client.EvaluateAsync(script, 0, [41L])).Integer);
        Assert.Equal(1, (await redis.Client.SendAsync("SCRIPT", "EXISTS", script.Hash)).Items[0].Integer);
        Assert.Equal(43, (await redis.Client.EvaluateAsync(script, 0, [42L])).Integer);
    }

    [Fact]
    public async Task SendAsync_QueueFull_RefusesAtOnceAndCounts()
    {
        Requirement.Redis();
        await using TestRedis redis = await TestRedis.ConnectAsync(await RedisServer.SharedAsync(), o => o.QueueMax = 10);
        using MetricReader rejected = new(redis.Metrics.Meter, "iskra.redis.queue.rejected");
        Task<RedisReply> block = redis.Client.SendAsync("BLPOP", redis.Client.Prefix + "empty", 1L);
        Task<RedisReply>[] queued = [.. Enumerable.Range(0, 20).Select(_ => redis.Client.SendAsync("PING"))];
        RedisException[] refused = [.. queued.Where(task => task.IsFaulted)
            .Select(task => (RedisException)task.Exception!.InnerException!)];
        Assert.Equal(11, refused.Length);
        Assert.All(refused, exception => Assert.Equal(RedisFault.QueueFull, exception.Fault));
        Assert.Equal(11, rejected.Values.Sum());
        await Task.WhenAll([block, .. queued.Where(task => !task.IsFaulted)]);
    }

    [Fact]
    public async Task SendAsync_SlowServer_TimesOutAndKeepsAnswersInPlace()
    {
        Requirement.Redis();
        await using RedisServer server = await RedisServer.StartAsync();
        await using TestRedis redis = await TestRedis.ConnectAsync(server, o => o.CommandTimeout = TimeSpan.FromMilliseconds(100));
        using MetricReader timeouts = new(redis.Metrics.Meter, "iskra.redis.timeouts");
        Task<RedisReply> slow = redis.Client.SendAsync("BLPOP", "empty", "0.6");
        Task<RedisReply> behind = redis.Client.SendAsync("ECHO", "behind");
        Assert.Equal(RedisFault.Timeout, (await Assert.ThrowsAsync<RedisException>(() => slow)).Fault);
        Assert.Equal(RedisFault.Timeout, (await Assert.ThrowsAsync<RedisException>(() => behind)).Fault);
        Assert.Equal(2, timeouts.Values.Sum());
        string? next = null;
        while (next is null)
        {
            try
            {
                next = (await redis.Client.SendAsync("ECHO", "next")).ToString();
            }
            catch (RedisException late) when (late.Fault == RedisFault.Timeout)
            {
            }
        }

        Assert.Equal("next", next);
    }

    [Fact]
    public async Task SendAsync_SilentServer_IsGivenUpAndReconnected()
    {
        Requirement.Redis();
        await using RedisServer server = await RedisServer.StartAsync();
        await using TestRedis redis = await TestRedis.ConnectAsync(server, o =>
        {
            o.CommandTimeout = TimeSpan.FromMilliseconds(50);
            o.StallTimeout = TimeSpan.FromMilliseconds(200);
        });
        int lost = 0;
        redis.Client.ConnectionChanged += connected => lost += connected ? 0 : 1;
        await server.ExecuteAsync(CancellationToken.None, "CLIENT", "PAUSE", "1500", "ALL");
        await Assert.ThrowsAsync<RedisException>(() => redis.Client.SendAsync("PING"));
        await TestRedis.UntilAsync(() => lost == 1);
        await TestRedis.UntilAsync(() => redis.Client.IsConnected);
        await redis.Client.SendAsync("PING");
    }

    [Fact]
    public async Task SendAsync_KilledServer_FailsAtOnceAndWorksAfterTheRestart()
    {
        Requirement.Redis();
        await using RedisServer server = await RedisServer.StartAsync();
        await using TestRedis redis = await TestRedis.ConnectAsync(server);
        Task<RedisReply> waiting = redis.Client.SendAsync("BLPOP", "empty", 0L);
        await server.KillAsync();
        Assert.Equal(RedisFault.ConnectionLost, (await Assert.ThrowsAsync<RedisException>(() => waiting)).Fault);
        await TestRedis.UntilAsync(() => !redis.Client.IsConnected);
        Assert.Equal(RedisFault.NotConnected, (await Assert.ThrowsAsync<RedisException>(() => redis.Client.SendAsync("PING"))).Fault);
        await server.RestartAsync();
        await redis.Client.WaitConnectedAsync().WaitAsync(TimeSpan.FromSeconds(30));
        await redis.Client.SendAsync("PING");
        Assert.Contains(redis.Lines, line => line.StartsWith("1702 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_PasswordRightAndWrong_SignsInOrSaysSoWithoutTheSecret()
    {
        Requirement.Redis();
        await using RedisServer server = await RedisServer.StartAsync(Password);
        await using TestRedis right = await TestRedis.ConnectAsync(server);
        await right.Client.SendAsync("PING");
        await using TestRedis wrong = TestRedis.Start($"redis://:{Uri.EscapeDataString("wrong" + Password)}@127.0.0.1:{server.Port}");
        await TestRedis.UntilAsync(() => wrong.Lines.Any(line => line.StartsWith("1701 ", StringComparison.Ordinal)));
        Assert.False(wrong.Client.IsConnected);
        string log = string.Join('\n', right.Lines.Concat(wrong.Lines));
        Assert.Contains("Authentication", log, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NamedUserAndDatabase_AreUsed()
    {
        Requirement.Redis();
        await using RedisServer server = await RedisServer.StartAsync();
        await server.ExecuteAsync(CancellationToken.None, "ACL", "SETUSER", "app", "on", ">pw", "~*", "&*", "+@all");
        await using TestRedis redis = await TestRedis.ConnectAsync($"redis://app:pw@127.0.0.1:{server.Port}/5");
        Assert.Equal("app", (await redis.Client.SendAsync("ACL", "WHOAMI")).ToString());
        await redis.Client.SendAsync("SET", "here", "1");
        Assert.Equal("1", (await redis.Client.SendAsync("DBSIZE")).ToString());
        Assert.Equal("0", await server.ExecuteAsync(CancellationToken.None, "DBSIZE"));
    }

    [Fact]
    public async Task Start_TlsWithItsAuthority_ConnectsAndWithoutItRefuses()
    {
        Requirement.Redis();
        await using RedisServer server = await RedisServer.StartAsync(Password, isTls: true);
        using TestFolder folder = new();
        string authority = Path.Combine(folder.FullPath, "ca.pem");
        await File.WriteAllTextAsync(authority, server.Certificate!.CertificatePem);
        await using TestRedis trusted = await TestRedis.ConnectAsync(server, o => o.CaFile = authority);
        await trusted.Client.SendAsync("SET", "key", new byte[2 << 20]);
        Assert.Equal(2 << 20, (await trusted.Client.SendAsync("GET", "key")).Bytes.Length);
        await using TestRedis strange = TestRedis.Start(server.Address.ToString());
        await TestRedis.UntilAsync(() => strange.Lines.Any(line => line.Contains("certificate", StringComparison.Ordinal)));
        Assert.False(strange.Client.IsConnected);
    }

    [Fact]
    public async Task Subscribe_BeforeAndAfterAReconnect_GetsMessages()
    {
        Requirement.Redis();
        await using RedisServer server = await RedisServer.StartAsync();
        await using TestRedis redis = TestRedis.Start(server.Address.ToString());
        List<string> heard = [];
        redis.Client.Subscribe("news", message =>
        {
            lock (heard)
            {
                heard.Add(Encoding.UTF8.GetString(message.Span));
            }
        });
        await redis.Client.WaitConnectedAsync();
        await TestRedis.UntilAsync(async () => await PublishAsync(redis, "one") == 1);
        await server.KillAsync();
        await server.RestartAsync();
        await TestRedis.UntilAsync(() => redis.Client.IsConnected);
        await TestRedis.UntilAsync(async () => await PublishAsync(redis, "two") == 1);
        await TestRedis.UntilAsync(() => heard.Contains("two"));
        Assert.Equal("one", heard[0]);
    }

    [Fact]
    public async Task Start_ServerWithoutHello_FallsBackToResp2()
    {
        using CancellationTokenSource stop = new();
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task server = ServeResp2Async(listener, stop.Token);
        await using TestRedis redis = await TestRedis.ConnectAsync(
            $"redis://:pw@127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        Assert.Equal("OK", (await redis.Client.SendAsync("SET", "a", "b")).ToString());
        Assert.False(redis.Client.HasMessages);
        Assert.Contains(redis.Lines, line => line.Contains("RESP2", StringComparison.Ordinal));
        await stop.CancelAsync();
        await server;
    }

    private static async Task<long> PublishAsync(TestRedis redis, string text)
    {
        try
        {
            return (await redis.Client.SendAsync("PUBLISH", "news", text)).Integer;
        }
        catch (RedisException)
        {
            return -1;
        }
    }

    /// <summary>A server from before RESP3, as far as the handshake goes.</summary>
    private static async Task ServeResp2Async(TcpListener listener, CancellationToken cancellationToken)
    {
        try
        {
            using TcpClient client = await listener.AcceptTcpClientAsync(cancellationToken);
            NetworkStream stream = client.GetStream();
            byte[] buffer = new byte[4_096];
            while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and int read)
            {
                bool isHello = Encoding.ASCII.GetString(buffer, 0, read).Contains("HELLO", StringComparison.Ordinal);
                string answer = isHello ? "-ERR unknown command 'HELLO'\r\n" : "+OK\r\n";
                await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
