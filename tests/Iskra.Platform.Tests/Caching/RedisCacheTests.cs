using Iskra.Platform.Caching;
using Iskra.Platform.Redis;
using Iskra.Platform.Tests.Data;
using Iskra.Platform.Tests.Redis;
using Iskra.Testing;
using Note = Iskra.Platform.Tests.Caching.TestCache.Note;

namespace Iskra.Platform.Tests.Caching;

public sealed class RedisCacheTests
{
    private readonly CacheKind<Note> _kind = new("test.note", TimeSpan.FromSeconds(300));
    private readonly string _prefix = $"test:{Guid.CreateVersion7():N}:";

    [Fact]
    public async Task GetOrLoadAsync_LoadedElsewhere_ComesFromRedis()
    {
        (TestCache one, TestCache two) = await StartTwoAsync();
        await using TestCache first = one;
        await using TestCache second = two;
        await one.GetAsync(_kind, "1", () => new Note("a"));
        await UntilStoredAsync(one, "1");
        Assert.Equal("a", (await two.GetAsync(_kind, "1", () => new Note("b")))!.Text);
        Assert.Equal((1, 0), (one.Loads, two.Loads));
        Assert.Null(await one.GetAsync(_kind, "none", () => (Note?)null));
        await UntilStoredAsync(one, "none");
        Assert.Null(await two.GetAsync(_kind, "none", () => new Note("b")));
    }

    [Fact]
    public async Task GetOrLoadAsync_ManyInTwoReplicas_LoadOnce()
    {
        (TestCache one, TestCache two) = await StartTwoAsync();
        await using TestCache first = one;
        await using TestCache second = two;
        TaskCompletionSource<Note?> source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<Note?>[] callers =
        [
            .. Enumerable.Range(0, 50).Select(_ => one.GetAsync(_kind, "1", () => source.Task).AsTask()),
            .. Enumerable.Range(0, 50).Select(_ => two.GetAsync(_kind, "1", () => source.Task).AsTask()),
        ];
        await TestRedis.UntilAsync(() => one.Loads + two.Loads == 1);
        source.SetResult(new Note("a"));
        Assert.All(await Task.WhenAll(callers), note => Assert.Equal("a", note!.Text));
        Assert.Equal(1, one.Loads + two.Loads);
    }

    [Fact]
    public async Task GetOrLoadAsync_LoaderFails_TheOtherReplicaNeedNotWait()
    {
        (TestCache one, TestCache two) = await StartTwoAsync();
        await using TestCache first = one;
        await using TestCache second = two;
        await Assert.ThrowsAsync<InvalidDataException>(async () => await one.GetAsync(
            _kind, "1", () => Task.FromException<Note?>(new InvalidDataException())));
        Assert.Equal("b", (await two.GetAsync(_kind, "1", () => new Note("b")))!.Text);
        Assert.Equal(1, two.Loads);
    }

    [Fact]
    public async Task Invalidate_InOneReplica_ReachesTheOtherAndRedis()
    {
        (TestCache one, TestCache two) = await StartTwoAsync();
        await using TestCache first = one;
        await using TestCache second = two;
        await one.GetAsync(_kind, "1", () => new Note("old"), "tag");
        await UntilStoredAsync(one, "1");
        await two.GetAsync(_kind, "1", () => new Note("old"), "tag");
        one.Cache.Invalidate(_kind.Key(TestCache.Tenant, "1"));
        Assert.Equal("new", (await one.GetAsync(_kind, "1", () => new Note("new"), "tag"))!.Text);
        await UntilAsync(two, "1", "new");
        one.Cache.InvalidateTag(TestCache.Tenant, "tag");
        Assert.Equal("newer", (await one.GetAsync(_kind, "1", () => new Note("newer"), "tag"))!.Text);
        await UntilAsync(two, "1", "newer");
        two.Cache.InvalidateKind(_kind);
        Assert.Equal("newest", (await two.GetAsync(_kind, "1", () => new Note("newest"), "tag"))!.Text);
        await UntilAsync(one, "1", "newest");
    }

    [Theory]
    [InlineData("key")]
    [InlineData("tag")]
    [InlineData("kind")]
    public async Task GetOrLoadAsync_InvalidatedElsewhereWhileLoading_StoresNothingAnywhere(string by)
    {
        (TestCache one, TestCache two) = await StartTwoAsync();
        await using TestCache first = one;
        await using TestCache second = two;
        TaskCompletionSource<Note?> source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<Note?> slow = two.GetAsync(_kind, "1", () => source.Task, "tag").AsTask();
        await TestRedis.UntilAsync(() => two.Loads == 1);
        using MetricReader stale = new(two.Metrics.Meter, "iskra.cache.stale");
        switch (by)
        {
            case "key":
                one.Cache.Invalidate(_kind.Key(TestCache.Tenant, "1"));
                break;
            case "tag":
                one.Cache.InvalidateTag(TestCache.Tenant, "tag");
                break;
            default:
                one.Cache.InvalidateKind(_kind);
                break;
        }

        // Same connection: once this is answered, Redis has done the invalidation.
        await one.Redis.SendAsync("PING");
        source.SetResult(new Note("old"));
        await slow;
        await TestRedis.UntilAsync(() => stale.Values.Sum() == 1);
        Assert.Equal("new", (await one.GetAsync(_kind, "1", () => new Note("new"), "tag"))!.Text);
        Assert.Equal("new", (await two.GetAsync(_kind, "1", () => new Note("new"), "tag"))!.Text);
    }

    [Fact]
    public async Task GetOrLoadAsync_RedisKilledAndBackUnderLoad_NoErrorAndNoOldValue()
    {
        Requirement.Redis();
        await using RedisServer server = await RedisServer.StartAsync();
        await using TestCache one = await TestCache.SharedAsync(server, _prefix, Brief, BriefRedis);
        await using TestCache two = await TestCache.SharedAsync(server, _prefix, Brief, BriefRedis);
        int[] truth = new int[50];
        long reads = 0;
        using CancellationTokenSource over = new();
        Task load = Task.WhenAll(Enumerable.Range(0, 16).Select(worker => Task.Run(async () =>
        {
            Random random = new(worker);
            TestCache mine = worker % 2 == 0 ? one : two;
            while (!over.IsCancellationRequested)
            {
                int id = random.Next(truth.Length);
                Assert.NotNull(await mine.GetAsync(_kind, $"{id}", () => new Note($"{Volatile.Read(ref truth[id])}")));
                if (random.Next(10) == 0)
                {
                    Interlocked.Increment(ref truth[id]);
                    mine.Cache.Invalidate(_kind.Key(TestCache.Tenant, $"{id}"));
                }

                Interlocked.Increment(ref reads);
                await Task.Yield();
            }
        })));
        for (int round = 0; round < 3; round++)
        {
            await MoreReadsAsync(() => Volatile.Read(ref reads), load);
            await server.KillAsync();
            await MoreReadsAsync(() => Volatile.Read(ref reads), load);
            await server.RestartAsync();
            await TestRedis.UntilAsync(() => one.Cache.AreEventsUp && two.Cache.AreEventsUp);
        }

        await MoreReadsAsync(() => Volatile.Read(ref reads), load);
        await over.CancelAsync();
        await load;
        for (int id = 0; id < truth.Length; id++)
        {
            await UntilAsync(one, $"{id}", $"{truth[id]}");
            await UntilAsync(two, $"{id}", $"{truth[id]}");
        }
    }

    [Fact]
    public async Task GetOrLoadAsync_RedisHangs_CostsOneTimeOutAndNotOneEach()
    {
        Requirement.Redis();
        await using RedisServer server = await RedisServer.StartAsync();
        await using TestCache cache = await TestCache.SharedAsync(
            server,
            _prefix,
            o => o.CircuitOpenTime = TimeSpan.FromMinutes(5),
            o => o.CommandTimeout = TimeSpan.FromMilliseconds(100));
        using MetricReader errors = new(cache.Metrics.Meter, "iskra.cache.redis.errors");
        await server.ExecuteAsync(CancellationToken.None, "CLIENT", "PAUSE", "60000", "ALL");
        for (int id = 0; id < 500; id++)
        {
            Assert.Equal("a", (await cache.GetAsync(_kind, $"{id}", () => new Note("a")))!.Text);
        }

        Assert.Equal(1, errors.Values.Sum());
    }

    [Fact]
    public async Task Invalidate_RedisRefusesForAWhile_IsRepeatedAndRedisNotReadMeanwhile()
    {
        Requirement.Redis();
        await using RedisServer server = await RedisServer.StartAsync();
        await server.ExecuteAsync(CancellationToken.None, "ACL", "SETUSER", "app", "on", ">pw", "~*", "&*", "+@all");
        string url = $"redis://app:pw@127.0.0.1:{server.Port}";
        await using TestCache cache = await TestCache.SharedAsync(url, _prefix, Brief);
        await cache.GetAsync(_kind, "1", () => new Note("old"));
        await UntilStoredAsync(cache, "1");
        await server.ExecuteAsync(CancellationToken.None, "ACL", "SETUSER", "app", "-unlink");
        using MetricReader unsent = new(cache.Metrics.Meter, "iskra.cache.unsent");
        cache.Cache.Invalidate(_kind.Key(TestCache.Tenant, "1"));
        await TestRedis.UntilAsync(() =>
        {
            unsent.Observe();
            return unsent.Values[^1] == 1;
        });
        Assert.Equal("new", (await cache.GetAsync(_kind, "1", () => new Note("new")))!.Text);
        await server.ExecuteAsync(CancellationToken.None, "ACL", "SETUSER", "app", "+unlink");
        await TestRedis.UntilAsync(() =>
        {
            unsent.Observe();
            return unsent.Values[^1] == 0;
        });
        Assert.True((await cache.Redis.SendAsync("GET", _prefix + _kind.Key(TestCache.Tenant, "1").ToWire())).IsNull);
    }

    private static void Brief(CacheOptions options)
    {
        options.CircuitOpenTime = TimeSpan.FromMilliseconds(20);
        options.LeaseWait = TimeSpan.FromMilliseconds(200);
    }

    private static void BriefRedis(RedisOptions options)
    {
        options.CommandTimeout = TimeSpan.FromMilliseconds(300);
        options.ReconnectDelayMax = TimeSpan.FromMilliseconds(100);
    }

    private static async Task MoreReadsAsync(Func<long> reads, Task load)
    {
        long before = reads();
        await TestRedis.UntilAsync(() => reads() > before + 2_000 || load.IsCompleted);
        Assert.False(load.IsFaulted, load.Exception?.ToString());
    }

    private async Task<(TestCache One, TestCache Two)> StartTwoAsync()
    {
        Requirement.Redis();
        RedisServer server = await RedisServer.SharedAsync();
        return (await TestCache.SharedAsync(server, _prefix), await TestCache.SharedAsync(server, _prefix));
    }

    /// <summary>The value is answered before it is stored, so that nobody waits for that.</summary>
    private async Task UntilStoredAsync(TestCache cache, string id)
    {
        string key = _prefix + _kind.Key(TestCache.Tenant, id).ToWire();
        await TestRedis.UntilAsync(async () => (await cache.Redis.SendAsync("GET", key)).Bytes.Span is [(byte)'V', ..]);
    }

    private Task UntilAsync(TestCache cache, string id, string text) => TestRedis.UntilAsync(
        async () => (await cache.GetAsync(_kind, id, () => new Note(text), "tag"))!.Text == text);
}
