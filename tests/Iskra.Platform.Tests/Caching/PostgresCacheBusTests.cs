using System.Diagnostics.Metrics;
using Iskra.Platform.Caching;
using Iskra.Platform.Data;
using Iskra.Platform.Tenancy;
using Iskra.Platform.Tests.Data;
using Iskra.Platform.Tests.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Note = Iskra.Platform.Tests.Caching.TestCache.Note;

namespace Iskra.Platform.Tests.Caching;

public sealed class PostgresCacheBusTests
{
    private readonly CacheKind<Note> _kind = new("test.note", TimeSpan.FromSeconds(300));

    [Fact]
    public async Task Invalidate_InOneReplica_ReachesTheOther()
    {
        await using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        await using TestStore store = await TestStore.CreateAsync(DatabaseEngine.Postgres);
        await using Database database = await store.OpenAsync();
        CacheMetrics metrics = new(services.GetRequiredService<IMeterFactory>());
        await using PostgresCacheBus oneBus = new(database, metrics, TimeProvider.System, NullLogger.Instance);
        await using PostgresCacheBus twoBus = new(database, metrics, TimeProvider.System, NullLogger.Instance);
        Cache one = new(new CacheOptions(), metrics, TimeProvider.System, NullLogger.Instance, null, oneBus);
        Cache two = new(new CacheOptions(), metrics, TimeProvider.System, NullLogger.Instance, null, twoBus);
        Assert.False(two.AreEventsUp);
        oneBus.Start();
        twoBus.Start();
        await TestRedis.UntilAsync(() => one.AreEventsUp && two.AreEventsUp);
        CacheKey[] keys = [.. Enumerable.Range(0, 500).Select(id => _kind.Key(TenantId.Default, $"note {id}"))];
        foreach (CacheKey key in keys)
        {
            Assert.Equal("old", await ReadAsync(two, key, "old"));
        }

        // More than fits into one message.
        one.Invalidate(keys);
        await TestRedis.UntilAsync(async () => await ReadAsync(two, keys[^1], "new") == "new");
        Assert.Equal("new", await ReadAsync(two, keys[0], "new"));
        Assert.Equal("new", await ReadAsync(two, keys[250], "new"));
    }

    [Fact]
    public void Merge_MoreThanOneMessageHolds_KindsStandForKeys()
    {
        Assert.Equal(["me\ngone:1:a\ngone:1:b"], PostgresCacheBus.Merge(["me\ngone:1:a", "me\ngone:1:b\ngone:1:a"], 100));
        List<string> many = [.. Enumerable.Range(0, 100).Select(id => $"me\ngone:1:{id}\nstwo:1:{id}\nt1:tag")];
        Assert.Equal(["me\nkone\nktwo\nt1:tag"], PostgresCacheBus.Merge(many, 100));
        List<string> tags = [.. Enumerable.Range(0, 50).Select(id => $"me\nt1:tag{id}")];
        List<string> split = PostgresCacheBus.Merge(tags, 100);
        Assert.All(split, message => Assert.InRange(message.Length, 4, 100));
        Assert.Equal(50, split.Sum(message => message.Split('\n').Length - 1));
    }

    private async Task<string> ReadAsync(Cache cache, CacheKey key, string text) =>
        (await cache.GetOrLoadAsync(_kind, key, text, static (t, _) => Task.FromResult<Note?>(new Note(t))))!.Text;
}
