using Iskra.Platform.Data;
using Iskra.Platform.Data.Schema;
using Microsoft.Data.Sqlite;

namespace Iskra.Platform.Tests.Data.Sqlite;

public sealed class SqliteWriterTests : IAsyncLifetime
{
    private static readonly Migration Pairs = new(
        "pairs",
        1,
        "pairs",
        """
        CREATE TABLE pairs (id integer PRIMARY KEY, other integer REFERENCES pairs (id) DEFERRABLE INITIALLY DEFERRED);
        """);

    private TestStore? _store;
    private Database? _database;

    private Database Database => _database!;

    public async ValueTask InitializeAsync()
    {
        _store = await TestStore.CreateAsync(DatabaseEngine.Sqlite);
        _store.Options.SqliteWriteQueueMax = 5;
        _store.Options.SqliteReaders = 2;
        _database = await _store.OpenAsync(Note.Table, Pairs);
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await _store!.DisposeAsync();
    }

    [Fact]
    public async Task WriteAsync_SeveralWait_ShareOneCommit()
    {
        using MetricReader sizes = new(Database.Metrics.Meter, "iskra.data.commit.size");
        using HeldWriter held = await HeldWriter.HoldAsync(Database);
        Task<int>[] writes = [.. Enumerable.Range(0, 5).Select(_ => Database.InsertAsync(Note.New()))];

        held.Release();
        await Task.WhenAll(writes);

        Assert.Equal([1, 5], sizes.Values);
        Assert.Equal(5, await Database.CountAsync());
    }

    [Fact]
    public async Task WriteAsync_OneOfGroupThrows_FailsAlone()
    {
        using HeldWriter held = await HeldWriter.HoldAsync(Database);
        Task<int> before = Database.InsertAsync(Note.New("before"));
        Task<int> failing = Database.WriteInTestAsync<int>(async session =>
        {
            await session.ExecuteAsync(Note.Insert, Note.New("undone"));
            throw new InvalidOperationException("mine");
        });
        Task<int> after = Database.InsertAsync(Note.New("after"));

        held.Release();

        Assert.Equal(1, await before);
        Assert.Equal("mine", (await Assert.ThrowsAsync<InvalidOperationException>(() => failing)).Message);
        Assert.Equal(1, await after);
        Assert.Equal(
            ["before", "after"],
            await Database.ReadInTestAsync(session => session.QueryAsync<string>("SELECT text FROM notes ORDER BY rowid")));
    }

    [Fact]
    public async Task WriteAsync_CommitFails_FailsTheGroupAndTheWriterGoesOn()
    {
        using HeldWriter held = await HeldWriter.HoldAsync(Database);
        Task<int> innocent = Database.InsertAsync(Note.New());
        // The constraint is checked at the commit, so it can't be told whose fault it is.
        Task<int> culprit = Database.WriteInTestAsync(s => s.ExecuteAsync("INSERT INTO pairs (id, other) VALUES (1, 99)"));

        held.Release();

        await Assert.ThrowsAsync<SqliteException>(() => innocent);
        await Assert.ThrowsAsync<SqliteException>(() => culprit);
        Assert.Equal(0, await Database.CountAsync());
        await Database.InsertAsync(Note.New());
        Assert.Equal(1, await Database.CountAsync());
    }

    [Fact]
    public async Task WriteAsync_QueueFull_IsRefusedAndCounted()
    {
        using MetricReader rejected = new(Database.Metrics.Meter, "iskra.data.write.rejected");
        using MetricReader depth = new(Database.Metrics.Meter, "iskra.data.write.queue.depth");
        using HeldWriter held = await HeldWriter.HoldAsync(Database);
        Task<int>[] waiting = [.. Enumerable.Range(0, 5).Select(_ => Database.InsertAsync(Note.New()))];

        await Assert.ThrowsAsync<DatabaseBusyException>(() => Database.InsertAsync(Note.New()));
        depth.Observe();
        held.Release();
        await Task.WhenAll(waiting);

        Assert.Equal([1], rejected.Values);
        Assert.Equal([5], depth.Values);
        Assert.Equal(5, await Database.CountAsync());
    }

    [Fact]
    public async Task WriteAsync_CancelledWhileWaiting_IsSkipped()
    {
        using CancellationTokenSource cancellation = new();
        using HeldWriter held = await HeldWriter.HoldAsync(Database);
        Task<int> cancelled = Database.WriteAsync(s => s.ExecuteAsync(Note.Insert, Note.New("never")), cancellation.Token);
        Task<int> kept = Database.InsertAsync(Note.New("kept"));

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        held.Release();
        await kept;

        Assert.Equal(["kept"], await Database.ReadInTestAsync(session => session.QueryAsync<string>("SELECT text FROM notes")));
    }

    [Fact]
    public async Task WriteAsync_InsideWrite_IsRefusedInsteadOfWaitingForEver()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Database.WriteInTestAsync(_ => Database.InsertAsync(Note.New())));

        Assert.Equal(0, await Database.CountAsync());
    }

    [Fact]
    public async Task DisposeAsync_WritesWait_AreFinishedFirst()
    {
        HeldWriter held = await HeldWriter.HoldAsync(Database);
        Task<int>[] writes = [.. Enumerable.Range(0, 5).Select(_ => Database.InsertAsync(Note.New()))];

        Task closing = Database.DisposeAsync().AsTask();
        held.Release();
        await closing;
        int[] rows = await Task.WhenAll(writes);

        Assert.Equal(5, rows.Sum());
        await using Database again = await _store!.OpenAsync(Note.Table, Pairs);
        Assert.Equal(5, await again.CountAsync());
    }

    [Fact]
    public async Task Items_KeptByOneWrite_AreThereForTheNextAndEndWithTheConnection()
    {
        TestItem item = new();
        await Database.WriteInTestAsync(session =>
        {
            session.Items["test.item"] = item;
            return Task.FromResult(0);
        });

        object found = await Database.WriteInTestAsync(session => Task.FromResult(session.Items["test.item"]));
        await Database.DisposeAsync();

        Assert.Same(item, found);
        Assert.True(item.IsDisposed);
    }

    [Fact]
    public async Task Settings_OfWriter_AreDurable()
    {
        IReadOnlyList<string?> settings = await Database.WriteInTestAsync<IReadOnlyList<string?>>(async session =>
        [
            await session.ScalarAsync<string>("PRAGMA journal_mode"),
            await session.ScalarAsync<string>("PRAGMA synchronous"),
            await session.ScalarAsync<string>("PRAGMA foreign_keys"),
        ]);

        Assert.Equal(["wal", "2", "1"], settings);
    }

    [Fact]
    public async Task ReadAsync_AllReadersBusy_WaitsWithTheCallersToken()
    {
        using MetricReader waits = new(Database.Metrics.Meter, "iskra.data.read.waits");
        using CancellationTokenSource cancellation = new();
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<int>[] busy = [.. Enumerable.Range(0, 2).Select(_ => Database.ReadInTestAsync(async session =>
        {
            await release.Task;
            return 0;
        }))];

        Task<long> waiting = Database.ReadAsync(s => s.ScalarAsync<long>("SELECT 1"), cancellation.Token);
        Task<long> patient = Database.ReadInTestAsync(s => s.ScalarAsync<long>("SELECT 2"));
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        release.SetResult();
        await Task.WhenAll(busy);

        Assert.Equal(2, await patient);
        Assert.Equal([1, 1], waits.Values);
    }

    [Fact]
    public async Task ReadAsync_Writing_IsRefused()
    {
        await Assert.ThrowsAsync<SqliteException>(() => Database.ReadInTestAsync(s => s.ExecuteAsync(Note.Insert, Note.New())));

        Assert.Equal(0, await Database.CountAsync());
    }

    [Fact]
    public async Task QueryAsync_PlainListOfIds_IsRefusedBecauseItWouldFindNothing()
    {
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => Database.ReadInTestAsync(
            session => session.QueryAsync<Note>($"{Note.Select} WHERE id IN @ids", new { ids = new[] { Guid.Empty } })));

        Assert.Contains("Ids.List", error.Message, StringComparison.Ordinal);
    }
}
