using Iskra.Platform.Caching;
using Iskra.Platform.Tenancy;
using Iskra.Testing;
using Note = Iskra.Platform.Tests.Caching.TestCache.Note;

namespace Iskra.Platform.Tests.Caching;

public sealed class CacheTests
{
    private readonly CacheKind<Note> _kind = new("test.note", TimeSpan.FromSeconds(300)) { Jitter = 0 };
    private readonly TestTimeProvider _time = new();

    [Fact]
    public async Task GetOrLoadAsync_Twice_LoadsOnce()
    {
        await using TestCache cache = TestCache.Local(_time);
        Assert.Equal("a", (await cache.GetAsync(_kind, "1", () => new Note("a")))!.Text);
        Assert.Equal("a", (await cache.GetAsync(_kind, "1", () => new Note("b")))!.Text);
        Assert.Equal(1, cache.Loads);
    }

    [Fact]
    public async Task GetOrLoadAsync_AfterItsTime_LoadsAgain()
    {
        await using TestCache cache = TestCache.Local(_time);
        await cache.GetAsync(_kind, "1", () => new Note("a"));
        _time.Advance(TimeSpan.FromSeconds(299));
        Assert.Equal("a", (await cache.GetAsync(_kind, "1", () => new Note("b")))!.Text);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("b", (await cache.GetAsync(_kind, "1", () => new Note("b")))!.Text);
    }

    [Fact]
    public async Task GetOrLoadAsync_Jitter_SpreadsTheEnds()
    {
        CacheKind<Note> spread = new("test.spread", TimeSpan.FromSeconds(100)) { Jitter = 0.5 };
        await using TestCache cache = TestCache.Local(_time);
        for (int id = 0; id < 200; id++)
        {
            await cache.GetAsync(spread, $"{id}", () => new Note("a"));
        }

        _time.Advance(TimeSpan.FromSeconds(75));
        for (int id = 0; id < 200; id++)
        {
            await cache.GetAsync(spread, $"{id}", () => new Note("b"));
        }

        Assert.InRange(cache.Loads - 200, 50, 150);
    }

    [Fact]
    public async Task GetOrLoadAsync_NothingThere_IsKeptForItsOwnTime()
    {
        CacheKind<Note> kind = new("test.negative", TimeSpan.FromSeconds(300)) { Jitter = 0, NegativeTimeToLive = TimeSpan.FromSeconds(2) };
        await using TestCache cache = TestCache.Local(_time);
        Assert.Null(await cache.GetAsync(kind, "1", () => (Note?)null));
        Assert.Null(await cache.GetAsync(kind, "1", () => new Note("late")));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.NotNull(await cache.GetAsync(kind, "1", () => new Note("late")));
        CacheKind<Note> never = new("test.never", TimeSpan.FromSeconds(300)) { NegativeTimeToLive = TimeSpan.Zero };
        Assert.Null(await cache.GetAsync(never, "1", () => (Note?)null));
        Assert.NotNull(await cache.GetAsync(never, "1", () => new Note("now")));
    }

    [Fact]
    public async Task GetOrLoadAsync_ManyAtOnce_ShareOneLoad()
    {
        await using TestCache cache = TestCache.Local();
        TaskCompletionSource<Note?> source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<Note?>[] callers = [.. Enumerable.Range(0, 200).Select(_ => cache.GetAsync(_kind, "1", () => source.Task).AsTask())];
        source.SetResult(new Note("a"));
        Note?[] notes = await Task.WhenAll(callers);
        Assert.All(notes, note => Assert.Same(notes[0], note));
        Assert.Equal(1, cache.Loads);
    }

    [Fact]
    public async Task GetOrLoadAsync_LoaderFails_AllHearItAndNothingIsKept()
    {
        await using TestCache cache = TestCache.Local();
        TaskCompletionSource<Note?> source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<Note?>[] callers = [.. Enumerable.Range(0, 10).Select(_ => cache.GetAsync(_kind, "1", () => source.Task).AsTask())];
        source.SetException(new InvalidDataException("broken"));
        foreach (Task<Note?> caller in callers)
        {
            await Assert.ThrowsAsync<InvalidDataException>(() => caller);
        }

        Assert.Equal("a", (await cache.GetAsync(_kind, "1", () => new Note("a")))!.Text);
    }

    [Fact]
    public async Task GetOrLoadAsync_CallerLeaves_TheLoadGoesOnForOthers()
    {
        await using TestCache cache = TestCache.Local();
        TaskCompletionSource<Note?> source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenSource left = new();
        Task<Note?> leaver = cache.Cache.GetOrLoadAsync(
            _kind, _kind.Key(TestCache.Tenant, "1"), source, static (s, _) => s.Task, null, left.Token).AsTask();
        Task<Note?> stayer = cache.GetAsync(_kind, "1", () => new Note("not asked")).AsTask();
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaver);
        source.SetResult(new Note("a"));
        Assert.Equal("a", (await stayer)!.Text);
        Assert.Equal(0, cache.Loads);
    }

    [Fact]
    public async Task Invalidate_WhileLoading_KeepsNothingAndLaterCallersLoadAnew()
    {
        await using TestCache cache = TestCache.Local();
        TaskCompletionSource<Note?> source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<Note?> before = cache.GetAsync(_kind, "1", () => source.Task).AsTask();
        cache.Cache.Invalidate(_kind.Key(TestCache.Tenant, "1"));
        Assert.Equal("new", (await cache.GetAsync(_kind, "1", () => new Note("new")))!.Text);
        source.SetResult(new Note("old"));
        Assert.Equal("old", (await before)!.Text);
        Assert.Equal("new", (await cache.GetAsync(_kind, "1", () => new Note("newer")))!.Text);
        Assert.Equal(2, cache.Loads);
    }

    [Fact]
    public async Task InvalidateTag_OneTenant_ForgetsWhatCarriesItAndNothingElse()
    {
        await using TestCache cache = TestCache.Local();
        TenantId other = new(2);
        CacheKey elsewhere = _kind.Key(other, "1");
        await cache.GetAsync(_kind, "1", () => new Note("a"), "customer:7", "branch:1");
        await cache.GetAsync(_kind, "2", () => new Note("a"), "customer:8", "branch:1");
        await cache.Cache.GetOrLoadAsync(_kind, elsewhere, 0, (_, _) => Task.FromResult<Note?>(new Note("a")), ["customer:7"]);
        cache.Cache.InvalidateTag(TestCache.Tenant, "customer:7");
        Assert.Equal("b", (await cache.GetAsync(_kind, "1", () => new Note("b"), "customer:7", "branch:1"))!.Text);
        Assert.Equal("a", (await cache.GetAsync(_kind, "2", () => new Note("b"), "customer:8", "branch:1"))!.Text);
        Assert.Equal("a", (await cache.Cache.GetOrLoadAsync(
            _kind, elsewhere, 0, (_, _) => Task.FromResult<Note?>(new Note("b")), ["customer:7"]))!.Text);
        cache.Cache.InvalidateTag(TestCache.Tenant, "branch:1");
        Assert.Equal("c", (await cache.GetAsync(_kind, "2", () => new Note("c"), "customer:8", "branch:1"))!.Text);
    }

    [Fact]
    public async Task InvalidateTag_WhileLoading_KeepsNothing()
    {
        await using TestCache cache = TestCache.Local();
        TaskCompletionSource<Note?> source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<Note?> before = cache.GetAsync(_kind, "1", () => source.Task, "customer:7").AsTask();
        cache.Cache.InvalidateTag(TestCache.Tenant, "customer:7");
        source.SetResult(new Note("old"));
        await before;
        Assert.Equal("new", (await cache.GetAsync(_kind, "1", () => new Note("new"), "customer:7"))!.Text);
    }

    [Fact]
    public async Task InvalidateKind_Always_ForgetsAllOfIt()
    {
        CacheKind<Note> other = new("test.other", TimeSpan.FromSeconds(300));
        await using TestCache cache = TestCache.Local();
        await cache.GetAsync(_kind, "1", () => new Note("a"));
        await cache.GetAsync(other, "1", () => new Note("a"));
        cache.Cache.InvalidateKind(_kind);
        Assert.Equal("b", (await cache.GetAsync(_kind, "1", () => new Note("b")))!.Text);
        Assert.Equal("a", (await cache.GetAsync(other, "1", () => new Note("b")))!.Text);
    }

    [Fact]
    public async Task GetOrLoadAsync_SameIdOfTwoTenants_AreTwoValues()
    {
        await using TestCache cache = TestCache.Local();
        Guid id = Guid.CreateVersion7();
        for (int tenant = 1; tenant <= 2; tenant++)
        {
            int number = tenant;
            Note? note = await cache.Cache.GetOrLoadAsync(
                _kind, _kind.Key(new TenantId(number), id), 0, (_, _) => Task.FromResult<Note?>(new Note($"of {number}")));
            Assert.Equal($"of {tenant}", note!.Text);
        }
    }

    [Fact]
    public async Task GetOrLoadAsync_TooLargeOrDisabled_IsNotKept()
    {
        await using TestCache small = TestCache.Local(null, o => o.ValueBytesMax = 64);
        await using TestCache off = TestCache.Local(null, o => o.Enabled = false);
        foreach (TestCache cache in new[] { small, off })
        {
            await cache.GetAsync(_kind, "1", () => new Note(new string('x', 100)));
            await cache.GetAsync(_kind, "1", () => new Note(new string('x', 100)));
            Assert.Equal(2, cache.Loads);
        }
    }

    [Fact]
    public async Task GetOrLoadAsync_Misuse_IsRefused()
    {
        CacheKind<Note> twin = new("test.note", TimeSpan.FromSeconds(1));
        await using TestCache cache = TestCache.Local();
        await cache.GetAsync(_kind, "1", () => new Note("a"));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await cache.GetAsync(twin, "1", () => new Note("a")));
        await Assert.ThrowsAsync<ArgumentException>(async () => await cache.Cache.GetOrLoadAsync(
            _kind, twin.Key(TestCache.Tenant, "1"), 0, (_, _) => Task.FromResult<Note?>(null)));
        Assert.Throws<ArgumentException>(() => _kind.Key(TestCache.Tenant, "line\nfeed"));
        Assert.Throws<ArgumentException>(() => new CacheKind<Note>("a:b", TimeSpan.FromSeconds(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CacheKind<Note>("ab", TimeSpan.FromDays(2)));
    }

    [Fact]
    public void TryParse_EveryKey_ReadsBackAsItWas()
    {
        CacheKey[] keys =
        [
            _kind.Key(TestCache.Tenant, Guid.CreateVersion7()),
            _kind.Key(new TenantId(77), "plain"),
            _kind.Key(TestCache.Tenant, "with:colons:and ünïcode"),
            _kind.Key(TestCache.Tenant, Guid.CreateVersion7().ToString("N")),
        ];
        foreach (CacheKey key in keys)
        {
            Assert.True(CacheKey.TryParse(key.ToWire(), name => name == _kind.Name ? _kind : null, out CacheKey read));
            Assert.Equal(key, read);
        }

        foreach (string wire in new[] { "", "g", "gtest.note", "gtest.note:1", "gtest.note:x:1", "gtest.note:1:hex", "gother:1:2", ":::" })
        {
            Assert.False(wire.Length > 0 && CacheKey.TryParse(wire, name => name == _kind.Name ? _kind : null, out _), wire);
        }
    }

    [Fact]
    public async Task GetOrLoadAsync_ReadsAndInvalidationsAtRandom_NeverAnOldValueAfterAnInvalidation()
    {
        await using TestCache cache = TestCache.Local(null, o => o.EntriesMax = 20);
        int[] truth = new int[40];
        int stale = 0;
        await Parallel.ForAsync(0, 8, async (worker, _) =>
        {
            Random random = new(worker);
            for (int round = 0; round < 5_000; round++)
            {
                int id = random.Next(truth.Length);
                if (random.Next(4) == 0)
                {
                    Interlocked.Increment(ref truth[id]);
                    cache.Cache.Invalidate(_kind.Key(TestCache.Tenant, $"{id}"));
                    continue;
                }

                int before = Volatile.Read(ref truth[id]);
                Note? note = await cache.GetAsync(_kind, $"{id}", async () =>
                {
                    string read = $"{Volatile.Read(ref truth[id])}";
                    await Task.Yield();
                    return new Note(read);
                });

                // The change is seen by this thread before its invalidation; one more value may still be on its way.
                stale += int.Parse(note!.Text, System.Globalization.CultureInfo.InvariantCulture) < before - 8 ? 1 : 0;
            }
        });
        Assert.Equal(0, stale);
        for (int id = 0; id < truth.Length; id++)
        {
            Assert.Equal($"{truth[id]}", (await cache.GetAsync(_kind, $"{id}", () => new Note($"{truth[id]}")))!.Text);
        }
    }
}
