using Iskra.Platform.Data;
using Iskra.Platform.Events;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Iskra.Platform.Tests.Events;

public sealed class EventDispatcherTests
{
    public static TheoryData<DatabaseEngine> Engines { get; } = [DatabaseEngine.Sqlite, DatabaseEngine.Postgres];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Append_SubscribedType_IsDeliveredInOrder(DatabaseEngine engine)
    {
        await using EventsStore store = await EventsStore.OpenAsync(engine);
        TestSubscriber subscriber = new();
        ServiceProvider process = await store.StartAsync(subscriber);
        await store.AppendAsync(process, "a", 1, 2);
        await store.AppendAsync(process, "b", 100);
        await store.AppendAsync(process, "a", 3);

        Assert.Equal((int[])[1, 2, 3], await subscriber.TakeAsync(3));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Append_TransactionThatFails_DeliversNothing(DatabaseEngine engine)
    {
        await using EventsStore store = await EventsStore.OpenAsync(engine);
        TestSubscriber subscriber = new();
        ServiceProvider process = await store.StartAsync(subscriber);
        OutboxWriter outbox = process.GetRequiredService<OutboxWriter>();
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.Database.WriteAsync(
            async session =>
            {
                await outbox.AppendAsync(session, new DomainEvent("a", 1, "key", """{"n":9}"""));
                throw new InvalidOperationException("rolled back");
            },
            TestContext.Current.CancellationToken));
        await store.AppendAsync(process, "a", 1);

        Assert.Equal((int[])[1], await subscriber.TakeAsync(1));
    }

    [Fact]
    public async Task Append_SessionThatReads_IsRefused()
    {
        await using EventsStore store = await EventsStore.OpenAsync(DatabaseEngine.Sqlite);
        OutboxWriter outbox = store.CreateProcess([]).GetRequiredService<OutboxWriter>();
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.Database.ReadAsync(
            async session =>
            {
                await outbox.AppendAsync(session, new DomainEvent("a", 1, "key", "{}"));
                return 0;
            },
            TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Restart_HandledEvents_AreNotDeliveredAgain(DatabaseEngine engine)
    {
        await using EventsStore store = await EventsStore.OpenAsync(engine);
        TestSubscriber before = new();
        ServiceProvider first = await store.StartAsync(before);
        await store.AppendAsync(first, "a", 1, 2);
        await before.TakeAsync(2);
        await EventsStore.StopAsync(first);
        await store.AppendAsync(first, "a", 3);

        TestSubscriber after = new();
        await store.StartAsync(after);
        int[] taken = await after.TakeAsync(1);

        // Stopped between handling and moving the cursor: at least once means that the batch may come again, whole.
        int[] all = taken[0] == 1 ? [1, .. await after.TakeAsync(2)] : taken;
        Assert.Equal(taken[0] == 1 ? (int[])[1, 2, 3] : [3], all);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Restart_EventThatWasNotHandled_IsDeliveredAgain(DatabaseEngine engine)
    {
        await using EventsStore store = await EventsStore.OpenAsync(engine);
        store.Settings["FailuresMax"] = "1000";
        TestSubscriber failing = new() { FailsOn = _ => true };
        ServiceProvider first = await store.StartAsync(failing);
        await store.AppendAsync(first, "a", 1, 2);
        Assert.True(await failing.NextAttemptAsync() > 0);
        await EventsStore.StopAsync(first);

        TestSubscriber working = new();
        await store.StartAsync(working);
        Assert.Equal((int[])[1, 2], await working.TakeAsync(2));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Handle_SubscriberThatFails_HoldsUpNobodyElse(DatabaseEngine engine)
    {
        await using EventsStore store = await EventsStore.OpenAsync(engine);
        store.Settings["FailuresMax"] = "1000";
        TestSubscriber failing = new("failing") { FailsOn = number => number == 2 };
        TestSubscriber working = new("working");
        ServiceProvider process = await store.StartAsync(failing, working);
        await store.AppendAsync(process, "a", 1, 2, 3);

        Assert.Equal((int[])[1, 2, 3], await working.TakeAsync(3));

        // After the failed batch events come one by one: what is before the bad one gets through.
        Assert.Equal((int[])[1], await failing.TakeAsync(1));
        EventsMetrics metrics = process.GetRequiredService<EventsMetrics>();
        while (metrics.LagOf("failing") == 0)
        {
            await failing.NextAttemptAsync();
        }

        failing.FailsOn = _ => false;
        Assert.Equal((int[])[2, 3], await failing.TakeAsync(2));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Start_NewSubscriber_BeginsWhereItDeclares(DatabaseEngine engine)
    {
        await using EventsStore store = await EventsStore.OpenAsync(engine);
        await store.AppendAsync(store.CreateProcess([]), "a", 1);
        CursorStore cursors = store.CreateProcess([]).GetRequiredService<CursorStore>();
        await cursors.OpenAsync("end", EventStart.End, TestContext.Current.CancellationToken);
        TestSubscriber fromBeginning = new("beginning");
        TestSubscriber fromEnd = new("end", EventStart.End);
        ServiceProvider process = await store.StartAsync(fromBeginning, fromEnd);
        await store.AppendAsync(process, "a", 2);

        Assert.Equal((int[])[1, 2], await fromBeginning.TakeAsync(2));
        Assert.Equal((int[])[2], await fromEnd.TakeAsync(1));
    }

    [Fact]
    public async Task Start_TwoSubscribersOfOneName_IsRefused()
    {
        await using EventsStore store = await EventsStore.OpenAsync(DatabaseEngine.Sqlite);
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.StartAsync(new TestSubscriber("x"), new TestSubscriber("x")));
    }

    [Fact]
    public void BackoffOf_FailuresInARow_DoublesToItsLimitWithJitter()
    {
        EventsOptions options = new() { BackoffFirst = TimeSpan.FromMilliseconds(100), BackoffMax = TimeSpan.FromSeconds(1) };
        Assert.Equal(100, SubscriberLoop.BackoffOf(1, options, 1).TotalMilliseconds);
        Assert.Equal(50, SubscriberLoop.BackoffOf(1, options, 0).TotalMilliseconds);
        Assert.Equal(400, SubscriberLoop.BackoffOf(3, options, 1).TotalMilliseconds);
        Assert.Equal(1_000, SubscriberLoop.BackoffOf(1_000, options, 1).TotalMilliseconds);
    }
}
