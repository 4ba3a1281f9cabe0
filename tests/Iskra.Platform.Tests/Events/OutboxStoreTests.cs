using Iskra.Platform.Data;
using Iskra.Platform.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Xunit;

namespace Iskra.Platform.Tests.Events;

public sealed class OutboxStoreTests
{
    private const string InsertSql =
        "insert into events_outbox (type, schema_version, key, payload, created_at) values ('a', 1, 'k', $1, 0)";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(EventDispatcherTests.Engines), MemberType = typeof(EventDispatcherTests))]
    public async Task Read_MoreThanALimit_ComesInPagesWithoutGapOrRepeat(DatabaseEngine engine)
    {
        await using EventsStore store = await EventsStore.OpenAsync(engine);
        ServiceProvider process = store.CreateProcess([]);
        OutboxStore outbox = process.GetRequiredService<OutboxStore>();
        for (int i = 0; i < 10; i++)
        {
            await store.AppendAsync(process, i % 3 == 0 ? "b" : "a", i);
        }

        List<int> seen = [];
        EventCursor cursor = EventCursor.Beginning;
        EventPage page;
        do
        {
            page = await outbox.ReadAsync(cursor, ["a"], 2, Cancellation);
            seen.AddRange(page.Events.Select(TestSubscriber.NumberOf));
            cursor = page.Cursor;
        }
        while (page.MayHaveMore);

        Assert.Equal((int[])[1, 2, 4, 5, 7, 8], seen);
        Assert.Equal(0, await outbox.LagAsync(cursor, Cancellation));
    }

    [Fact]
    public async Task Read_LowerIdCommitsLater_WaitsForIt()
    {
        await using EventsStore store = await EventsStore.OpenAsync(DatabaseEngine.Postgres);
        OutboxStore outbox = store.CreateProcess([]).GetRequiredService<OutboxStore>();
        await using NpgsqlConnection slow = await ConnectAsync(store);
        await using NpgsqlTransaction transaction = await slow.BeginTransactionAsync(Cancellation);
        await InsertAsync(slow, 1);
        await store.AppendAsync(store.CreateProcess([]), "a", 2);

        EventPage early = await outbox.ReadAsync(EventCursor.Beginning, ["a"], 10, Cancellation);
        Assert.Empty(early.Events);

        await transaction.CommitAsync(Cancellation);
        Assert.Equal((int[])[1, 2], await DrainAsync(outbox, early.Cursor));
    }

    [Fact]
    public async Task Read_OlderTransactionTakesTheHigherId_LosesNothing()
    {
        await using EventsStore store = await EventsStore.OpenAsync(DatabaseEngine.Postgres);
        OutboxStore outbox = store.CreateProcess([]).GetRequiredService<OutboxStore>();
        await using NpgsqlConnection older = await ConnectAsync(store);
        await using NpgsqlConnection newer = await ConnectAsync(store);
        await using NpgsqlTransaction olderTransaction = await older.BeginTransactionAsync(Cancellation);
        await using NpgsqlCommand number = new("select pg_current_xact_id()::text", older);
        await number.ExecuteScalarAsync(Cancellation);
        await using NpgsqlTransaction newerTransaction = await newer.BeginTransactionAsync(Cancellation);
        await InsertAsync(newer, 1);
        await InsertAsync(older, 2);
        await olderTransaction.CommitAsync(Cancellation);

        // Id 2 is committed, in the generation in which the newer transaction has appended id 1, which is still to come.
        EventPage page = await outbox.ReadAsync(EventCursor.Beginning, ["a"], 10, Cancellation);
        Assert.Empty(page.Events);

        await newerTransaction.CommitAsync(Cancellation);
        Assert.Equal((int[])[1, 2], await DrainAsync(outbox, page.Cursor));
    }

    [Fact]
    public async Task Read_TransactionThatHasAppendedNothing_HoldsNobodyUp()
    {
        await using EventsStore store = await EventsStore.OpenAsync(DatabaseEngine.Postgres);
        OutboxStore outbox = store.CreateProcess([]).GetRequiredService<OutboxStore>();
        await using NpgsqlConnection slow = await ConnectAsync(store);
        await using NpgsqlTransaction transaction = await slow.BeginTransactionAsync(Cancellation);
        await using NpgsqlCommand write = new("create table long_work (n int); insert into long_work values (1)", slow);
        await write.ExecuteNonQueryAsync(Cancellation);
        await store.AppendAsync(store.CreateProcess([]), "a", 1);

        EventPage page = await outbox.ReadAsync(EventCursor.Beginning, ["a"], 10, Cancellation);
        Assert.Equal((int[])[1], page.Events.Select(TestSubscriber.NumberOf));

        // It may append late: its event comes then, after what was read.
        await InsertAsync(slow, 2);
        await transaction.CommitAsync(Cancellation);
        Assert.Equal((int[])[2], await DrainAsync(outbox, page.Cursor));
    }

    [Fact]
    public async Task Read_ManyAppendersAtOnce_LosesAndRepeatsNothing()
    {
        await using EventsStore store = await EventsStore.OpenAsync(DatabaseEngine.Postgres);
        ServiceProvider process = store.CreateProcess([]);
        OutboxStore outbox = process.GetRequiredService<OutboxStore>();
        Task[] writers =
        [
            .. Enumerable.Range(0, 8).Select(writer => Task.Run(
                async () =>
                {
                    for (int i = 0; i < 100; i++)
                    {
                        await store.AppendKeyAsync(process, "a", $"key-{writer}", (writer * 1_000) + i);
                    }
                },
                Cancellation)),
        ];
        List<int> seen = [];
        EventCursor cursor = EventCursor.Beginning;
        Task all = Task.WhenAll(writers);
        bool isLast = false;
        while (true)
        {
            EventPage page = await outbox.ReadAsync(cursor, ["a"], 7, Cancellation);
            seen.AddRange(page.Events.Select(TestSubscriber.NumberOf));
            cursor = page.Cursor;
            if (!page.MayHaveMore && page.Events.Count == 0)
            {
                if (isLast)
                {
                    break;
                }

                isLast = all.IsCompleted;
            }
        }

        await all;
        Assert.Equal(800, seen.Count);
        Assert.All(seen.GroupBy(number => number / 1_000), key => Assert.Equal(key.Order(), key));
        Assert.Equal(800, seen.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(EventDispatcherTests.Engines), MemberType = typeof(EventDispatcherTests))]
    public async Task Sweep_OldEvents_KeepsWhatASubscriberHasNotHad(DatabaseEngine engine)
    {
        await using EventsStore store = await EventsStore.OpenAsync(engine);
        ServiceProvider process = store.CreateProcess([], ("Retention", "00:00:01"), ("DeleteBatchMax", "2"));
        OutboxStore outbox = process.GetRequiredService<OutboxStore>();
        OutboxRetention retention = process.GetServices<IHostedService>().OfType<OutboxRetention>().Single();
        await store.AppendAsync(process, "a", 1, 2, 3, 4, 5);
        EventPage page = await outbox.ReadAsync(EventCursor.Beginning, ["a"], 3, Cancellation);
        CursorStore cursors = process.GetRequiredService<CursorStore>();
        await cursors.OpenAsync("slow", EventStart.Beginning, Cancellation);
        await cursors.SaveAsync("slow", 0, page.Cursor, throughBroker: false, Cancellation);
        await AgeAsync(store, TimeSpan.FromHours(1));

        await retention.SweepAsync(Cancellation);
        Assert.Equal(2, await CountAsync(store));

        // Seven days later even the slow subscriber no longer holds them.
        await AgeAsync(store, TimeSpan.FromDays(8));
        await retention.SweepAsync(Cancellation);
        Assert.Equal(0, await CountAsync(store));
    }

    private static Task<int> AgeAsync(EventsStore store, TimeSpan age) => store.Database.WriteAsync(session =>
        session.ExecuteAsync(
            "update events_outbox set created_at = created_at - @age", new { age = age.Ticks / TimeSpan.TicksPerMicrosecond }));

    private static Task<long> CountAsync(EventsStore store) =>
        store.Database.ReadAsync(session => session.ScalarAsync<long>("select count(*) from events_outbox"));

    private static async Task<int[]> DrainAsync(OutboxStore outbox, EventCursor cursor)
    {
        List<int> seen = [];
        EventPage page;
        do
        {
            page = await outbox.ReadAsync(cursor, ["a"], 10, Cancellation);
            seen.AddRange(page.Events.Select(TestSubscriber.NumberOf));
            cursor = page.Cursor;
        }
        while (page.MayHaveMore || page.Events.Count > 0);

        return [.. seen];
    }

    private static async Task<NpgsqlConnection> ConnectAsync(EventsStore store)
    {
        NpgsqlConnection connection = new(store.ConnectionString);
        await connection.OpenAsync(Cancellation);
        return connection;
    }

    private static async Task InsertAsync(NpgsqlConnection connection, int number)
    {
        await using NpgsqlCommand command = new(InsertSql, connection);
        command.Parameters.AddWithValue($$"""{"n":{{number}}}""");
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
