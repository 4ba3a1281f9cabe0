using System.Data.Common;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;

namespace Iskra.Platform.Tests.Data;

/// <summary>What both engines promise.</summary>
public abstract class StorageTests : IAsyncLifetime
{
    private readonly DatabaseEngine _engine;
    private TestStore? _store;

    protected StorageTests(DatabaseEngine engine) => _engine = engine;

    private TestStore Store => _store!;

    public async ValueTask InitializeAsync() => _store = await TestStore.CreateAsync(_engine);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }
    }

    [Fact]
    public async Task OpenAsync_FreshStore_TellsTheEngine()
    {
        await using Database database = await Store.OpenAsync();

        Assert.Equal(_engine, database.Engine);
        Assert.Matches(
            _engine == DatabaseEngine.Sqlite ? @"^SQLite 3\.\d+\.\d+ \((system|bundled) library\)$" : @"^PostgreSQL \d+\.\d+ at ",
            database.Description);
    }

    [Fact]
    public async Task WriteAsync_Row_IsReadBackAsWritten()
    {
        await using Database database = await Store.OpenAsync(Note.Table);
        Note parent = Note.New("искра ✦ 'quoted'", stars: 5);
        Note child = Note.New("child", parentId: parent.Id);

        await database.InsertAsync(parent, child);
        IReadOnlyList<Note> notes = await database.ReadInTestAsync(
            session => session.QueryAsync<Note>($"{Note.Select} ORDER BY stars DESC"));

        Assert.Equal([parent, child], notes);
    }

    [Fact]
    public async Task OnCommitted_CommittedAndRolledBack_OnlyTheFirstIsTold()
    {
        await using Database database = await Store.OpenAsync(Note.Table);
        List<string> told = [];

        await database.WriteAsync(
            async session =>
            {
                session.OnCommitted(() => told.Add("committed"));
                await session.ExecuteAsync("DELETE FROM notes");
            },
            TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<InvalidDataException>(() => database.WriteAsync(
            session =>
            {
                session.OnCommitted(() => told.Add("rolled back"));
                throw new InvalidDataException();
            },
            TestContext.Current.CancellationToken));

        Assert.Equal(["committed"], told);
    }

    [Fact]
    public async Task OnCommitted_Read_IsMisuse()
    {
        await using Database database = await Store.OpenAsync(Note.Table);

        await Assert.ThrowsAsync<InvalidOperationException>(() => database.ReadInTestAsync(session =>
        {
            session.OnCommitted(() => { });
            return Task.FromResult(0);
        }));
    }

    [Fact]
    public async Task QueryAsync_NoRows_MapsToRecordWithoutRows()
    {
        await using Database database = await Store.OpenAsync(Note.Table);

        IReadOnlyList<Note> notes = await database.ReadInTestAsync(session => session.QueryAsync<Note>(
            "SELECT id, parent_id, coalesce(text, '') AS text, max(created_at) AS created_at, 1 AS stars FROM notes "
            + "GROUP BY id, parent_id, text"));

        Assert.Empty(notes);
        Assert.Null(await database.ReadInTestAsync(session => session.QuerySingleOrDefaultAsync<Note>(Note.Select)));
    }

    [Fact]
    public async Task QueryAsync_ById_FindsOneOrTheListed()
    {
        await using Database database = await Store.OpenAsync(Note.Table);
        Note[] notes = [Note.New("a"), Note.New("b"), Note.New("c")];
        await database.InsertAsync(notes);

        Note? one = await database.ReadInTestAsync(
            session => session.QuerySingleOrDefaultAsync<Note>($"{Note.Select} WHERE id = @Id", new { notes[1].Id }));
        IReadOnlyList<Note> listed = await database.ReadInTestAsync(session => session.QueryAsync<Note>(
            $"{Note.Select} WHERE id IN @Ids ORDER BY text", new { Ids = Ids.List([notes[0].Id, notes[2].Id]) }));
        IReadOnlyList<Note> none = await database.ReadInTestAsync(session => session.QueryAsync<Note>(
            $"{Note.Select} WHERE id IN @Ids", new { Ids = Ids.List([]) }));
        IReadOnlyList<Note> others = await database.ReadInTestAsync(session => session.QueryAsync<Note>(
            $"{Note.Select} WHERE id NOT IN @Ids", new { Ids = Ids.List([notes[0].Id, notes[2].Id]) }));
        long all = await database.ReadInTestAsync(session => session.ScalarAsync<long>(
            "SELECT count(*) FROM notes WHERE id NOT IN @Ids", new { Ids = Ids.List([]) }));

        Assert.Equal(notes[1], one);
        Assert.Equal(["a", "c"], listed.Select(note => note.Text));
        Assert.Empty(none);
        Assert.Equal([notes[1]], others);
        Assert.Equal(3, all);
    }

    [Fact]
    public async Task Ids_BoundByHand_MeanTheSameAsThroughDapper()
    {
        await using Database database = await Store.OpenAsync(Note.Table);
        Note note = Note.New();
        await database.InsertAsync(note);

        Guid read = await database.ReadInTestAsync(async session =>
        {
            await using DbCommand command = session.Connection.CreateCommand();
            command.CommandText = "SELECT id FROM notes WHERE id = @id";
            DbParameter parameter = command.CreateParameter();
            parameter.ParameterName = "id";
            parameter.Value = Ids.ToParameter(session.Engine, note.Id);
            command.Parameters.Add(parameter);
            await using DbDataReader reader = await command.ExecuteReaderAsync();
            return await reader.ReadAsync() ? Ids.Read(reader, 0) : Guid.Empty;
        });

        Assert.Equal(note.Id, read);
    }

    [Fact]
    public async Task Ids_OfVersion7_SortByTime()
    {
        await using Database database = await Store.OpenAsync(Note.Table);
        DateTimeOffset start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        List<Guid> ids = [.. Enumerable.Range(0, 50).Select(i => Guid.CreateVersion7(start.AddMilliseconds(i * 997)))];
        await database.InsertAsync([.. ids.AsEnumerable().Reverse().Select(id => Note.New() with { Id = id })]);

        IReadOnlyList<Guid> sorted = await database.ReadInTestAsync(
            session => session.QueryAsync<Guid>("SELECT id FROM notes ORDER BY id"));

        Assert.Equal(ids, sorted);
    }

    [Fact]
    public async Task WriteAsync_DelegateThrows_LeavesNothing()
    {
        await using Database database = await Store.OpenAsync(Note.Table);

        Task<int> write = database.WriteInTestAsync<int>(async session =>
        {
            await session.ExecuteAsync(Note.Insert, Note.New());
            throw new InvalidOperationException("no");
        });
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => write);

        Assert.Equal("no", error.Message);
        Assert.Equal(0, await database.CountAsync());
    }

    [Fact]
    public async Task WriteAsync_ConstraintBroken_FailsAndTheNextWriteWorks()
    {
        await using Database database = await Store.OpenAsync(Note.Table);

        await Assert.ThrowsAnyAsync<DbException>(() => database.InsertAsync(Note.New(), Note.New(stars: -1)));
        await database.InsertAsync(Note.New());

        Assert.Equal(1, await database.CountAsync());
    }

    [Fact]
    public async Task WriteAsync_ManyAtOnceSomeFailing_KeepsExactlyTheOthers()
    {
        await using Database database = await Store.OpenAsync(Note.Table);
        Note[] notes = [.. Enumerable.Range(0, 400).Select(i => Note.New($"n{i}", stars: i % 7 == 0 ? -1 : i))];

        bool[] succeeded = await Task.WhenAll(notes.Select(async note =>
        {
            try
            {
                await database.InsertAsync(note);
                return true;
            }
            catch (DbException)
            {
                return false;
            }
        }));
        IReadOnlyList<Guid> stored = await database.ReadInTestAsync(
            session => session.QueryAsync<Guid>("SELECT id FROM notes ORDER BY id"));

        Assert.Equal(notes.Select(note => note.Stars >= 0), succeeded);
        Assert.Equal(notes.Where(note => note.Stars >= 0).Select(note => note.Id).Order(), stored.Order());
    }

    [Fact]
    public async Task WriteAsync_Acknowledged_IsThereAfterReopening()
    {
        Note note = Note.New();
        await using (Database database = await Store.OpenAsync(Note.Table))
        {
            await database.InsertAsync(note);
        }

        await using Database again = await Store.OpenAsync(Note.Table);

        Assert.Equal([note], await again.ReadInTestAsync(session => session.QueryAsync<Note>(Note.Select)));
    }

    [Fact]
    public async Task WriteAsync_CancelledBefore_DoesNotRun()
    {
        await using Database database = await Store.OpenAsync(Note.Table);
        bool hasRun = false;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => database.WriteAsync(
            session =>
            {
                hasRun = true;
                return session.ExecuteAsync(Note.Insert, Note.New());
            },
            new CancellationToken(canceled: true)));

        Assert.False(hasRun);
        Assert.Equal(0, await database.CountAsync());
    }

    [Fact]
    public async Task ReadAsync_AfterWrite_SeesIt()
    {
        await using Database database = await Store.OpenAsync(Note.Table);
        for (int i = 1; i <= 20; i++)
        {
            await database.InsertAsync(Note.New());
            Assert.Equal(i, await database.CountAsync());
        }
    }

    [Fact]
    public async Task TakeSnapshotAsync_WriteInBetween_IsNotSeen()
    {
        await using Database database = await Store.OpenAsync(Note.Table);
        await database.InsertAsync(Note.New());

        (long before, long after) = await database.ReadInTestAsync(async session =>
        {
            await session.TakeSnapshotAsync();
            long first = await session.ScalarAsync<long>("SELECT count(*) FROM notes");
            await database.InsertAsync(Note.New());
            return (first, await session.ScalarAsync<long>("SELECT count(*) FROM notes"));
        });

        Assert.Equal((1, 1), (before, after));
        Assert.Equal(2, await database.CountAsync());
    }

    [Fact]
    public async Task TakeSnapshotAsync_InWrite_IsRefused()
    {
        await using Database database = await Store.OpenAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => database.WriteInTestAsync(async session =>
        {
            await session.TakeSnapshotAsync();
            return 0;
        }));
    }

    [Fact]
    public async Task ReadStaleAsync_WithoutReplicas_ReadsThePrimary()
    {
        await using Database database = await Store.OpenAsync(Note.Table);
        await database.InsertAsync(Note.New());

        Assert.Equal(1, await database.ReadStaleAsync(
            session => session.ScalarAsync<long>("SELECT count(*) FROM notes"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task WriteAsync_ReadOnlyAccess_IsRefused()
    {
        await using Database owner = await Store.OpenAsync(Note.Table);
        await using Database reader = await Store.OpenAsync(StoreAccess.ReadOnly, Note.Table);
        await owner.InsertAsync(Note.New());

        await Assert.ThrowsAsync<InvalidOperationException>(() => reader.InsertAsync(Note.New()));
        Assert.Equal(1, await reader.CountAsync());
    }

    [Fact]
    public async Task WriteAsync_AfterDispose_IsRefused()
    {
        Database database = await Store.OpenAsync(Note.Table);
        await database.DisposeAsync();
        await database.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => database.InsertAsync(Note.New()));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => database.CountAsync());
    }
}
