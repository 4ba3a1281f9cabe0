using Iskra.Platform.Data;
using Iskra.Platform.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Xunit;

namespace Iskra.Platform.Tests.Events;

// One at a time: a transaction anywhere on the server holds back the horizon of all its databases.
[Collection("events")]
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

        // Id 2 is committed and its transaction is the older one: it may go. Id 1, which is lower, is still to come.
        EventPage page = await outbox.ReadAsync(EventCursor.Beginning, ["a"], 10, Cancellation);
        Assert.Equal((int[])[2], page.Events.Select(TestSubscriber.NumberOf));

        await newerTransaction.CommitAsync(Cancellation);
        Assert.Equal((int[])[1], await DrainAsync(outbox, page.Cursor));
    }

    [Fact]
    public async Task Repair_CursorBeyondTheServersTransactions_DeliversAgain()
    {
        await using EventsStore store = await EventsStore.OpenAsync(DatabaseEngine.Postgres);
        ServiceProvider process = store.CreateProcess([]);
        OutboxStore outbox = process.GetRequiredService<OutboxStore>();
        await store.AppendAsync(process, "a", 1);
        await store.Database.WriteAsync(
            session => session.ExecuteAsync("update events_outbox set transaction_id = 4000000000000"), Cancellation);
        await outbox.SaveCursorAsync("x", new EventCursor(0, 4_000_000_000_001, 4_000_000_000_001), Cancellation);

        Assert.True(await outbox.RepairAfterRestoreAsync(Cancellation));
        Assert.False(await outbox.RepairAfterRestoreAsync(Cancellation));
        Assert.Equal((int[])[1], await DrainAsync(outbox, await outbox.OpenCursorAsync("x", EventStart.End, Cancellation)));
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
        await outbox.SaveCursorAsync("slow", page.Cursor, Cancellation);
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
