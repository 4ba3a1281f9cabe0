using System.Text;
using Iskra.Platform.Data;
using Iskra.Platform.Events;
using Iskra.Platform.Tenancy;
using Iskra.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RabbitMQ.Client;
using Xunit;

namespace Iskra.Platform.Tests.Events;

/// <summary>Delivery through a real RabbitMQ, from either engine.</summary>
public abstract class BrokerTests(DatabaseEngine engine)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Publish_EventsOfManyKeys_ArriveOnceInOrder()
    {
        await using EventsStore store = await OpenAsync();
        TestSubscriber subscriber = new("orders");
        TestSubscriber other = new("other", EventStart.Beginning, "b");
        ServiceProvider process = await store.StartAsync(subscriber, other);
        await LivesFromItsQueueAsync(process, "orders");
        await LivesFromItsQueueAsync(process, "other");
        for (int i = 0; i < 50; i++)
        {
            await store.AppendKeyAsync(process, i % 5 == 4 ? "b" : "a", $"key-{i % 3}", i);
        }

        Assert.Equal(Enumerable.Range(0, 50).Where(i => i % 5 != 4), await subscriber.TakeAsync(40));
        Assert.Equal(Enumerable.Range(0, 50).Where(i => i % 5 == 4), await other.TakeAsync(10));
    }

    [Fact]
    public async Task Publish_SameEventsAgain_AreHandledOnce()
    {
        await using EventsStore store = await OpenAsync();
        await TestTransactionalSubscriber.CreateTableAsync(store.Database);
        TestTransactionalSubscriber subscriber = new();
        ServiceProvider process = await store.StartAsync(subscriber);
        await store.AppendAsync(process, "a", 1, 2, 3);
        Assert.Equal((long[])[1, 2, 3], await subscriber.TakeAsync(store.Database, 3));

        // As after a crash between the confirmations and the cursor: the next owner publishes the same again.
        await store.Database.WriteAsync(
            session => session.ExecuteAsync(
                "update events_cursors set position = 0, window_from = 0, window_to = 0, epoch = epoch + 1, held_until = 0"
                    + " where subscriber = 'iskra.publisher'"),
            Cancellation);
        await store.AppendAsync(process, "a", 4);
        Assert.Equal((long[])[1, 2, 3, 4], await subscriber.TakeAsync(store.Database, 4));
    }

    [Fact]
    public async Task Start_SubscriberThatLivedFromTheOutbox_LosesAndRepeatsNothing()
    {
        await using EventsStore store = await EventsStore.OpenAsync(engine);
        TestSubscriber before = new();
        ServiceProvider inProcess = await store.StartAsync(before);
        await store.AppendAsync(inProcess, "a", 1, 2);
        await before.TakeAsync(2);
        await EventsStore.StopAsync(inProcess);
        await store.AppendAsync(inProcess, "a", 3);

        await UseBrokerAsync(store);
        TestSubscriber through = new();
        ServiceProvider brokered = await store.StartAsync(through);
        await store.AppendAsync(brokered, "a", 4);
        Assert.Equal((int[])[3, 4], await through.TakeAsync(2));
        await EventsStore.StopAsync(brokered);

        // And back: what the queue brought is in the inbox, what it still holds comes from the outbox.
        store.Settings.Remove("Broker");
        await store.AppendAsync(brokered, "a", 5);
        TestSubscriber after = new();
        await store.StartAsync(after);
        Assert.Equal((int[])[5], await after.TakeAsync(1));
    }

    [Fact]
    public async Task Start_QueueThatTheBrokerLost_CatchesUpFromTheOutbox()
    {
        await using EventsStore store = await OpenAsync();
        TestSubscriber before = new();
        ServiceProvider first = await store.StartAsync(before);
        await store.AppendAsync(first, "a", 1);
        await before.TakeAsync(1);
        await EventsStore.StopAsync(first);
        await store.AppendAsync(first, "a", 2);
        ServiceProvider publisher = await store.StartAsync();
        await PublishedAsync(publisher);
        await using (IConnection connection = await ConnectAsync(store))
        await using (IChannel channel = await connection.CreateChannelAsync(cancellationToken: Cancellation))
        {
            await channel.QueueDeleteAsync($"{store.Settings["BrokerPrefix"]}.events.test", cancellationToken: Cancellation);
        }

        TestSubscriber after = new();
        await store.StartAsync(after);
        Assert.Equal((int[])[2], await after.TakeAsync(1));
    }

    [Fact]
    public async Task Replay_ThroughTheBroker_DeliversAgain()
    {
        await using EventsStore store = await OpenAsync();
        TestSubscriber subscriber = new();
        ServiceProvider process = await store.StartAsync(subscriber);
        await LivesFromItsQueueAsync(process, "test");
        await store.AppendAsync(process, "a", 1);
        await store.AppendAsync(process, "a", 2);
        await subscriber.TakeAsync(2);

        EventPage page = await process.GetRequiredService<OutboxStore>().ReadAsync(EventCursor.Beginning, ["a"], 10, Cancellation);
        Assert.Equal(
            ReplayOutcome.Accepted,
            await process.GetRequiredService<EventsAdmin>().ReplayAsync("test", page.Events[1].Id, null, Cancellation));
        await store.AppendAsync(process, "a", 3);

        // The third may still come by the queue before the replay begins, and the first may share the second's generation; in the end the
        // replay has brought the second and the third in order.
        List<int> seen = [.. await subscriber.TakeAsync(2)];
        while (seen[^1] != 3 || seen[^2] != 2)
        {
            seen.AddRange(await subscriber.TakeAsync(1));
        }

        Assert.InRange(seen.Count, 2, 4);
    }

    [Fact]
    public async Task Handle_PoisonFromTheQueue_IsParkedAndOthersGoOn()
    {
        await using EventsStore store = await OpenAsync();
        store.Settings["FailuresMax"] = "2";
        TestSubscriber subscriber = new() { FailsOn = number => number == 1 };
        ServiceProvider process = await store.StartAsync(subscriber);
        await store.AppendKeyAsync(process, "a", "bad", 1);
        await store.AppendKeyAsync(process, "a", "good", 2);
        await store.AppendKeyAsync(process, "a", "bad", 3);
        await store.AppendKeyAsync(process, "a", "good", 4);
        Assert.Equal((int[])[2, 4], await subscriber.TakeAsync(2));

        subscriber.FailsOn = _ => false;
        EventsAdmin admin = process.GetRequiredService<EventsAdmin>();
        Assert.Equal(1, await admin.Parked.RequeueAsync(TenantId.Default, "test", null, Cancellation));
        Assert.Equal((int[])[1, 3], await subscriber.TakeAsync(2));
    }

    [Fact]
    public async Task Consume_MessageThatIsNoEvent_GoesToTheDeadLetterQueue()
    {
        await using EventsStore store = await OpenAsync();
        TestSubscriber subscriber = new();
        ServiceProvider process = await store.StartAsync(subscriber);
        await store.AppendAsync(process, "a", 1);
        await subscriber.TakeAsync(1);
        string prefix = store.Settings["BrokerPrefix"]!;
        await using IConnection connection = await ConnectAsync(store);
        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        await channel.BasicPublishAsync($"{prefix}.events", "a", Encoding.UTF8.GetBytes("hello"), Cancellation);
        await store.AppendAsync(process, "a", 2);

        Assert.Equal((int[])[2], await subscriber.TakeAsync(1));
        while (await channel.MessageCountAsync($"{prefix}.dead.test", Cancellation) == 0)
        {
            await Task.Delay(5, Cancellation);
        }

        Assert.Equal(1u, await channel.MessageCountAsync($"{prefix}.dead.test", Cancellation));
    }

    [Fact]
    public async Task Start_DeadLetterThatIsAnEvent_IsParkedForTheOperator()
    {
        await using EventsStore store = await OpenAsync();
        TestSubscriber subscriber = new();
        ServiceProvider first = await store.StartAsync(subscriber);
        await store.AppendAsync(first, "a", 1);
        await subscriber.TakeAsync(1);
        await EventsStore.StopAsync(first);
        StoredEvent deadly = new(1_000, "a", 1, "deadly", """{"n":99}""", DateTimeOffset.UnixEpoch);
        await using (IConnection connection = await ConnectAsync(store))
        await using (IChannel channel = await connection.CreateChannelAsync(cancellationToken: Cancellation))
        {
            // As the broker does with what has killed too many processes.
            await channel.BasicPublishAsync(
                $"{store.Settings["BrokerPrefix"]}.events.dead",
                $"{store.Settings["BrokerPrefix"]}.events.test",
                mandatory: true,
                EventMessage.PropertiesOf(deadly),
                Encoding.UTF8.GetBytes(deadly.Payload),
                Cancellation);
        }

        ServiceProvider second = await store.StartAsync(subscriber);
        EventsAdmin admin = second.GetRequiredService<EventsAdmin>();
        IReadOnlyList<ParkedDocument> parked;
        while ((parked = await admin.ListParkedAsync(TenantId.Default, "test", 0, 10, Cancellation)).Count == 0)
        {
            await Task.Delay(5, Cancellation);
        }

        Assert.Equal((1_000, DeadLetterDrain.ErrorKind), (parked[0].EventId, parked[0].ErrorKind));
        await admin.Parked.RequeueAsync(TenantId.Default, "test", 1_000, Cancellation);
        Assert.Equal((int[])[99], await subscriber.TakeAsync(1));
    }

    [Fact]
    public async Task Start_QueueThatIsClassic_IsUsedAsItIs()
    {
        await using EventsStore store = await OpenAsync();
        string queue = $"{store.Settings["BrokerPrefix"]}.events.test";
        await using (IConnection connection = await ConnectAsync(store))
        await using (IChannel channel = await connection.CreateChannelAsync(cancellationToken: Cancellation))
        {
            await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: Cancellation);
        }

        TestSubscriber subscriber = new();
        ServiceProvider process = await store.StartAsync(subscriber);
        await store.AppendAsync(process, "a", 1, 2);
        Assert.Equal((int[])[1, 2], await subscriber.TakeAsync(2));
    }

    [Fact]
    public async Task Health_BrokerThatIsAway_IsDegradedAndNothingIsLost()
    {
        await using EventsStore store = await EventsStore.OpenAsync(engine);
        store.Settings["Broker"] = $"amqp://guest:guest@127.0.0.1:{LoopbackPort.Free()}/";
        store.Settings["BrokerPrefix"] = $"t-{Guid.CreateVersion7():N}";
        TestSubscriber subscriber = new();
        ServiceProvider away = await store.StartAsync(subscriber);
        await store.AppendAsync(away, "a", 1, 2);
        HealthReport report = await away.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation);
        Assert.Equal(HealthStatus.Degraded, report.Entries["broker"].Status);
        await EventsStore.StopAsync(away);

        await UseBrokerAsync(store);
        ServiceProvider there = await store.StartAsync(subscriber);
        Assert.Equal((int[])[1, 2], await subscriber.TakeAsync(2));
        report = await there.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation);
        Assert.Equal(HealthStatus.Healthy, report.Entries["broker"].Status);
    }

    private static async Task<IConnection> ConnectAsync(EventsStore store) =>
        await new ConnectionFactory { Uri = new Uri(store.Settings["Broker"]!) }.CreateConnectionAsync(Cancellation);

    private static async Task LivesFromItsQueueAsync(ServiceProvider process, string subscriber)
    {
        EventsAdmin admin = process.GetRequiredService<EventsAdmin>();
        while ((await admin.ListAsync(Cancellation)).All(
            row => row.Name != subscriber || row.Source != SubscriberSource.Broker))
        {
            await Task.Delay(5, Cancellation);
        }
    }

    /// <summary>Waits until the publisher has passed everything.</summary>
    private static async Task PublishedAsync(ServiceProvider process)
    {
        EventsAdmin admin = process.GetRequiredService<EventsAdmin>();
        while ((await admin.ListAsync(Cancellation)).Single(row => row.Name == CursorStore.Publisher).Lag > 0)
        {
            await Task.Delay(5, Cancellation);
        }
    }

    private static async Task UseBrokerAsync(EventsStore store)
    {
        Requirement.Rabbit();
        store.Settings["Broker"] = (await RabbitServer.SharedAsync()).Address.ToString();
        store.Settings["BrokerPrefix"] = $"t-{Guid.CreateVersion7():N}";
    }

    private async Task<EventsStore> OpenAsync()
    {
        EventsStore store = await EventsStore.OpenAsync(engine);
        await UseBrokerAsync(store);
        return store;
    }
}

public sealed class SqliteBrokerTests() : BrokerTests(DatabaseEngine.Sqlite);

public sealed class PostgresBrokerTests() : BrokerTests(DatabaseEngine.Postgres);
