using Iskra.Platform.Data;
using Iskra.Platform.Events;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Iskra.Platform.Tests.Events;

/// <summary>Who runs a subscriber, how it is woken and how it is sent back, on either engine.</summary>
public abstract class OwnershipTests(DatabaseEngine engine)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Append_PollThatIsFarAway_IsDeliveredAfterTheCommit()
    {
        await using EventsStore store = await EventsStore.OpenAsync(engine);
        store.Settings["PollInterval"] = "00:05:00";
        TestSubscriber subscriber = new();
        ServiceProvider process = await store.StartAsync(subscriber);
        for (int i = 0; i < 20; i++)
        {
            await store.AppendAsync(process, "a", i);
            Assert.Equal((int[])[i], await subscriber.TakeAsync(1));
        }
    }

    [Fact]
    public async Task Append_EventOfATenant_CarriesIt()
    {
        await using EventsStore store = await EventsStore.OpenAsync(engine);
        ServiceProvider process = store.CreateProcess([]);
        await store.Database.WriteAsync(
            session => process.GetRequiredService<OutboxWriter>().AppendAsync(
                session, new DomainEvent("a", 3, "key", "{}") { Tenant = new TenantId(7) }),
            Cancellation);

        EventPage page = await process.GetRequiredService<OutboxStore>().ReadAsync(EventCursor.Beginning, ["a"], 10, Cancellation);
        StoredEvent stored = Assert.Single(page.Events);
        Assert.Equal((new TenantId(7), 3), (stored.Tenant, stored.SchemaVersion));
    }

    [Fact]
    public async Task Save_EpochThatIsOver_IsRefused()
    {
        await using EventsStore store = await EventsStore.OpenAsync(engine);
        CursorStore cursors = store.CreateProcess([]).GetRequiredService<CursorStore>();
        await cursors.OpenAsync("x", EventStart.Beginning, Cancellation);
        TimeSpan duration = TimeSpan.FromMinutes(1);
        long first = (await cursors.TryAcquireAsync("x", "one", duration, Cancellation))!.Value;
        long? second = await cursors.TryAcquireAsync("x", "two", duration, Cancellation);
        if (engine == DatabaseEngine.Postgres)
        {
            Assert.Null(second);
            await cursors.ReleaseAsync("x", first);
            second = await cursors.TryAcquireAsync("x", "two", duration, Cancellation);
        }

        Assert.True(second > first);
        Assert.False(await cursors.RenewAsync("x", first, duration, Cancellation));
        await Assert.ThrowsAsync<LeaseLostException>(
            () => cursors.SaveAsync("x", first, EventCursor.Beginning, throughBroker: false, Cancellation));
        await cursors.SaveAsync("x", second!.Value, EventCursor.Beginning, throughBroker: false, Cancellation);
    }

    [Fact]
    public async Task Start_SubscriberOfEachProcess_ReachesAll()
    {
        await using EventsStore store = await EventsStore.OpenAsync(engine);
        TestSubscriber one = new() { Audience = EventAudience.EachProcess };
        TestSubscriber two = new() { Audience = EventAudience.EachProcess, FailsOn = number => number == 1 };
        store.Settings["FailuresMax"] = "3";
        await store.CreateProcess([]).GetRequiredService<CursorStore>().OpenAsync("test", EventStart.End, Cancellation);
        ServiceProvider process = await store.StartAsync(one);
        await store.StartAsync(two);
        await store.AppendAsync(process, "a", 1, 2, 3);

        Assert.Equal((int[])[1, 2, 3], await one.TakeAsync(3));
        Assert.Equal((int[])[2, 3], await two.TakeAsync(2));
        Assert.Empty(await process.GetRequiredService<EventsAdmin>().ListAsync(Cancellation));
    }

    [Fact]
    public async Task Replay_FromAnEvent_DeliversItAndAllAfterItAgain()
    {
        await using EventsStore store = await EventsStore.OpenAsync(engine);
        TestSubscriber subscriber = new();
        TestSubscriber other = new("other");
        ServiceProvider process = await store.StartAsync(subscriber, other);
        for (int i = 1; i <= 4; i++)
        {
            await store.AppendAsync(process, "a", i);
            Assert.Equal((int[])[i], await subscriber.TakeAsync(1));
            await other.TakeAsync(1);
        }

        EventPage page = await process.GetRequiredService<OutboxStore>().ReadAsync(EventCursor.Beginning, ["a"], 10, Cancellation);
        EventsAdmin admin = process.GetRequiredService<EventsAdmin>();
        Assert.Equal(ReplayOutcome.Accepted, await admin.ReplayAsync("test", page.Events[2].Id, null, Cancellation));
        Assert.Equal((int[])[3, 4], await subscriber.TakeAsync(2));
        Assert.Equal(ReplayOutcome.Accepted, await admin.ReplayAsync("test", null, page.Events[0].CreatedAt, Cancellation));
        Assert.Equal((int[])[1, 2, 3, 4], await subscriber.TakeAsync(4));
        Assert.Equal(ReplayOutcome.NothingToReplay, await admin.ReplayAsync("test", page.Events[3].Id + 1, null, Cancellation));
        Assert.Equal(ReplayOutcome.UnknownSubscriber, await admin.ReplayAsync("nobody", 1, null, Cancellation));

        await store.AppendAsync(process, "a", 5);
        Assert.Equal((int[])[5], await other.TakeAsync(1));
    }

    [Fact]
    public async Task Inbox_SameEventsTwice_AreAddedOnce()
    {
        await using EventsStore store = await EventsStore.OpenAsync(engine);
        StoredEvent[] events = [.. Enumerable.Range(1, 3).Select(id => new StoredEvent(id, "a", 1, "k", "{}", DateTimeOffset.UnixEpoch))];
        HashSet<long> first = await store.Database.WriteAsync(
            session => InboxStore.AddAsync(session, "x", events[..2], 5), Cancellation);
        HashSet<long> second = await store.Database.WriteAsync(session => InboxStore.AddAsync(session, "x", events, 6), Cancellation);
        Assert.Equal((long[])[1, 2], first.Order());
        Assert.Equal((long[])[3], second);
        Assert.Equal(
            (long[])[1, 2, 3],
            (await store.Database.ReadAsync(session => InboxStore.FindAsync(session, "x", events), Cancellation)).Order());
        Assert.Equal(2, await store.Database.WriteAsync(session => InboxStore.DeleteAsync(session, 6, 10), Cancellation));
    }
}

public sealed class SqliteOwnershipTests() : OwnershipTests(DatabaseEngine.Sqlite);

public sealed class PostgresOwnershipTests() : OwnershipTests(DatabaseEngine.Postgres)
{
    [Fact]
    public async Task Stop_ProcessThatRunsASubscriber_AnotherGoesOn()
    {
        await using EventsStore store = await EventsStore.OpenAsync(DatabaseEngine.Postgres);
        TestSubscriber one = new();
        ServiceProvider first = await store.StartAsync(one);
        await store.AppendAsync(first, "a", 1);
        Assert.Equal((int[])[1], await one.TakeAsync(1));

        TestSubscriber two = new();
        ServiceProvider second = await store.StartAsync(two);
        await store.AppendAsync(second, "a", 2);
        Assert.Equal((int[])[2], await one.TakeAsync(1));

        await EventsStore.StopAsync(first);
        await store.AppendAsync(second, "a", 3);
        Assert.Equal((int[])[3], await two.TakeAsync(1));
    }
}
