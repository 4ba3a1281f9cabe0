using Iskra.Platform.Data;
using Iskra.Platform.Events;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Iskra.Platform.Tests.Events;

/// <summary>Poison events, on either engine.</summary>
public abstract class ParkingTests(DatabaseEngine engine)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Handle_PoisonEvent_ParksItsKeyAndLetsOthersThrough()
    {
        await using EventsStore store = await OpenAsync();
        TestSubscriber subscriber = new() { FailsOn = number => number == 2 };
        ServiceProvider process = await store.StartAsync(subscriber);
        await store.AppendKeyAsync(process, "a", "one", 1, 2);
        await store.AppendKeyAsync(process, "a", "two", 10);
        await store.AppendKeyAsync(process, "a", "one", 3);
        await store.AppendKeyAsync(process, "a", "two", 11);

        Assert.Equal((int[])[1, 10, 11], (await subscriber.TakeAsync(3)).Order());
        IReadOnlyList<ParkedDocument> parked = await ParkedAsync(process, 2);
        Assert.Equal((ParkedState[])[ParkedState.Failed, ParkedState.Behind], parked.Select(row => row.State));
        Assert.Equal("InvalidOperationException", parked[0].ErrorKind);
        Assert.Equal(3, parked[0].Attempts);

        subscriber.FailsOn = _ => false;
        await RequeueAsync(process);
        Assert.Equal((int[])[2, 3], await subscriber.TakeAsync(2));
        await store.AppendKeyAsync(process, "a", "one", 4);
        Assert.Equal((int[])[4], await subscriber.TakeAsync(1));
    }

    [Fact]
    public async Task Requeue_EventThatFailsAgain_WaitsAgain()
    {
        await using EventsStore store = await OpenAsync();
        TestSubscriber subscriber = new() { FailsOn = number => number == 1 };
        ServiceProvider process = await store.StartAsync(subscriber);
        await store.AppendAsync(process, "a", 1);
        await ParkedAsync(process, 1);

        await RequeueAsync(process);
        IReadOnlyList<ParkedDocument> parked;
        do
        {
            parked = await ParkedAsync(process, 1);
        }
        while (parked[0].Attempts < 4);

        Assert.Equal(ParkedState.Failed, parked[0].State);
    }

    [Fact]
    public async Task Discard_FailedEvent_LetsThoseBehindGoOn()
    {
        await using EventsStore store = await OpenAsync();
        TestSubscriber subscriber = new() { FailsOn = number => number == 1 };
        ServiceProvider process = await store.StartAsync(subscriber);
        await store.AppendAsync(process, "a", 1);
        IReadOnlyList<ParkedDocument> parked = await ParkedAsync(process, 1);
        await store.AppendAsync(process, "a", 2);

        EventsAdmin admin = process.GetRequiredService<EventsAdmin>();
        Assert.False(await admin.Parked.DiscardAsync(new TenantId(2), "test", parked[0].EventId, Cancellation));
        Assert.True(await admin.Parked.DiscardAsync(TenantId.Default, "test", parked[0].EventId, Cancellation));
        Assert.Equal((int[])[2], await subscriber.TakeAsync(1));
    }

    [Fact]
    public async Task Restart_ParkedKey_KeepsItsOrder()
    {
        await using EventsStore store = await OpenAsync();
        ServiceProvider first = await store.StartAsync(new TestSubscriber { FailsOn = number => number == 1 });
        await store.AppendAsync(first, "a", 1);
        await ParkedAsync(first, 1);
        await EventsStore.StopAsync(first);

        TestSubscriber subscriber = new();
        ServiceProvider second = await store.StartAsync(subscriber);
        await store.AppendAsync(second, "a", 2);
        await ParkedAsync(second, 2);
        await RequeueAsync(second);
        Assert.Equal((int[])[1, 2], await subscriber.TakeAsync(2));
    }

    [Fact]
    public async Task Handle_DatabaseThatIsBusy_ParksNothing()
    {
        await using EventsStore store = await OpenAsync();
        int calls = 0;
        TestSubscriber subscriber = new()
        {
            FailsOn = _ => ++calls < 10 ? throw new DatabaseBusyException("told to be busy") : false,
        };
        ServiceProvider process = await store.StartAsync(subscriber);
        await store.AppendAsync(process, "a", 1);

        Assert.Equal((int[])[1], await subscriber.TakeAsync(1));
        Assert.Equal(10, calls);
        Assert.Empty(await process.GetRequiredService<EventsAdmin>().ListParkedAsync(TenantId.Default, "test", 0, 10, Cancellation));
    }

    [Fact]
    public async Task Handle_TooManyBadKeys_WaitsInstead()
    {
        await using EventsStore store = await OpenAsync();
        store.Settings["ParkedKeysMax"] = "1";
        TestSubscriber subscriber = new() { FailsOn = _ => true };
        ServiceProvider process = await store.StartAsync(subscriber);
        await store.AppendKeyAsync(process, "a", "one", 1);
        await ParkedAsync(process, 1);
        await store.AppendKeyAsync(process, "a", "two", 2);
        for (int i = 0; i < 12; i++)
        {
            await subscriber.NextAttemptAsync();
        }

        Assert.Single(await process.GetRequiredService<EventsAdmin>().ListParkedAsync(TenantId.Default, "test", 0, 10, Cancellation));
        subscriber.FailsOn = _ => false;
        Assert.Equal((int[])[2], await subscriber.TakeAsync(1));
    }

    [Fact]
    public async Task Handle_TransactionalPoison_LeavesNothingOfItsAttempts()
    {
        await using EventsStore store = await OpenAsync();
        await TestTransactionalSubscriber.CreateTableAsync(store.Database);
        TestTransactionalSubscriber subscriber = new() { FailsOn = number => number == 2 };
        ServiceProvider process = await store.StartAsync(subscriber);
        await store.AppendKeyAsync(process, "a", "one", 1, 2, 3);
        await store.AppendKeyAsync(process, "a", "two", 10);

        Assert.Equal((long[])[1, 10], await subscriber.TakeAsync(store.Database, 2));
        subscriber.FailsOn = _ => false;
        await ParkedAsync(process, 2);
        await RequeueAsync(process);
        Assert.Equal((long[])[1, 10, 2, 3], await subscriber.TakeAsync(store.Database, 4));
    }

    [Fact]
    public async Task List_SubscriberThatFailed_ShowsItsFailures()
    {
        await using EventsStore store = await OpenAsync();
        ServiceProvider process = await store.StartAsync(new TestSubscriber { FailsOn = _ => true });
        await store.AppendAsync(process, "a", 1);
        await ParkedAsync(process, 1);

        SubscriberDocument row = Assert.Single(await process.GetRequiredService<EventsAdmin>().ListAsync(Cancellation));
        Assert.Equal(("test", SubscriberSource.Outbox, true), (row.Name, row.Source, row.IsRunning));
        Assert.Equal((1, 3, "InvalidOperationException"), (row.Parked, row.Failures, row.LastErrorKind));
    }

    private static async Task<IReadOnlyList<ParkedDocument>> ParkedAsync(ServiceProvider process, int count)
    {
        while (true)
        {
            IReadOnlyList<ParkedDocument> rows = await process.GetRequiredService<EventsAdmin>()
                .ListParkedAsync(TenantId.Default, "test", 0, 100, Cancellation);
            if (rows.Count >= count)
            {
                return rows;
            }

            await Task.Delay(5, Cancellation);
        }
    }

    private static async Task RequeueAsync(ServiceProvider process) => Assert.Equal(
        1, await process.GetRequiredService<EventsAdmin>().Parked.RequeueAsync(TenantId.Default, "test", null, Cancellation));

    private async Task<EventsStore> OpenAsync()
    {
        EventsStore store = await EventsStore.OpenAsync(engine);
        store.Settings["FailuresMax"] = "3";
        return store;
    }
}

public sealed class SqliteParkingTests() : ParkingTests(DatabaseEngine.Sqlite);

public sealed class PostgresParkingTests() : ParkingTests(DatabaseEngine.Postgres);
