using System.Diagnostics.Metrics;
using Iskra.Platform.Caching;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Platform.Tests.Caching;

public sealed class LocalLevelTests : IDisposable
{
    private const int Overhead = 256;

    private readonly CacheKind<string> _kind = new("test.local", TimeSpan.FromSeconds(1));
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    [Fact]
    public void End_BeyondTheEntries_EvictsDownToTheLimit()
    {
        LocalLevel level = Create(entries: 10, bytes: 1 << 20);
        for (int id = 0; id < 100; id++)
        {
            Store(level, id, 10);
        }

        Assert.Equal(10, level.Count);
        Assert.Equal(10 * (10 + Overhead), level.Bytes);
    }

    [Fact]
    public void End_BeyondTheBytes_EvictsDownToTheLimit()
    {
        LocalLevel level = Create(entries: 1_000, bytes: 10_000);
        for (int id = 0; id < 100; id++)
        {
            Store(level, id, 744);
        }

        Assert.Equal(10, level.Count);
        Store(level, 200, 20_000);
        Assert.Null(level.Find(Key(200), 0));
        Assert.Equal(10, level.Count);
    }

    [Fact]
    public void Find_UsedValues_SurviveAScan()
    {
        LocalLevel level = Create(entries: 100, bytes: 1 << 30);
        for (int id = 0; id < 50; id++)
        {
            Store(level, id, 1);
        }

        for (int scan = 1_000; scan < 2_000; scan++)
        {
            Store(level, scan, 1);
            for (int id = 0; id < 50; id++)
            {
                level.Find(Key(id), 0);
            }
        }

        Assert.All(Enumerable.Range(0, 50), id => Assert.NotNull(level.Find(Key(id), 0)));
    }

    [Fact]
    public void Find_PastItsTime_IsNotFound()
    {
        LocalLevel level = Create(entries: 10, bytes: 1 << 20);
        Store(level, 1, 1, expiresAt: 100);
        Assert.NotNull(level.Find(Key(1), 99));
        Assert.Null(level.Find(Key(1), 100));
    }

    [Fact]
    public void Everything_AtRandom_KeepsItsBooks()
    {
        Random random = new(5);
        LocalLevel level = Create(entries: 30, bytes: 20_000);
        Dictionary<int, string[]> tags = [];
        for (int round = 0; round < 50_000; round++)
        {
            int id = random.Next(80);
            switch (random.Next(10))
            {
                case 0:
                    level.Remove(Key(id));
                    Assert.Null(level.Find(Key(id), 0));
                    break;
                case 1:
                    string tag = $"t1:{random.Next(5)}";
                    level.RemoveTag(tag);
                    Assert.DoesNotContain(tags, pair => pair.Value.Contains(tag) && level.Find(Key(pair.Key), 0) is not null);
                    break;
                case 2 when random.Next(200) == 0:
                    level.Clear(null);
                    Assert.Equal((0, 0), (level.Count, level.Bytes));
                    break;
                case < 7:
                    tags[id] = [$"t1:{random.Next(5)}"];
                    Store(level, id, random.Next(2_000), tags: tags[id]);
                    break;
                default:
                    level.Find(Key(id), 0);
                    break;
            }

            Assert.InRange(level.Count, 0, 30);
            Assert.InRange(level.Bytes, 0, 20_000);
        }

        level.Clear(null);
        Assert.Equal((0, 0), (level.Count, level.Bytes));
    }

    public void Dispose() => _services.Dispose();

    private CacheKey Key(int id) => _kind.Key(TenantId.Default, new Guid(id, 0, 0, new byte[8]));

    private LocalLevel Create(int entries, long bytes) =>
        new(entries, bytes, new CacheMetrics(_services.GetRequiredService<IMeterFactory>()));

    private void Store(LocalLevel level, int id, int size, long expiresAt = long.MaxValue, string[]? tags = null)
    {
        CacheLoad load = level.Begin(Key(id), tags ?? [], out bool isMine);
        Assert.True(isMine);
        Assert.True(level.End(load, new LocalEntry(Key(id), "value", size, expiresAt, tags ?? [])));
    }
}
