using Iskra.Platform.Data;
using Iskra.Platform.Events;
using Iskra.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Iskra.Platform.Tests.Events;

/// <summary>A real broker is killed in the middle of a stream, and a process with it.</summary>
public sealed class BrokerOutageTests
{
    private const int Keys = 5;
    private const int Half = 1_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DatabaseEngine.Sqlite)]
    [InlineData(DatabaseEngine.Postgres)]
    public async Task Kill_BrokerInTheMiddleOfAStream_EveryEventArrivesOnceInOrder(DatabaseEngine engine)
    {
        Requirement.Rabbit();
        await using EventsStore store = await EventsStore.OpenAsync(engine);
        await using RabbitServer broker = await RabbitServer.StartAsync();
        store.Settings["Broker"] = broker.Address.ToString();
        store.Settings["BrokerPublishMax"] = "50";
        await TestTransactionalSubscriber.CreateTableAsync(store.Database);
        TestTransactionalSubscriber subscriber = new();
        ServiceProvider process = await store.StartAsync(subscriber);

        // The queue is written down: what a broker forgets with its queues is another test.
        await store.AppendKeyAsync(process, "a", "key-0", 0);
        await subscriber.TakeAsync(store.Database, 1);
        await broker.SettleAsync();

        Task writing = WriteAsync(store, process, 1, Half);
        await subscriber.TakeAsync(store.Database, Half / 4);
        await broker.KillAsync();
        await writing;

        // The broker is away: writers go on, and what they wrote waits in the outbox.
        await WriteAsync(store, process, Half, 2 * Half);
        await broker.RestartAsync();

        long[] effects = await subscriber.TakeAsync(store.Database, 2 * Half);
        Assert.Equal(2 * Half, effects.Length);
        Assert.Equal(Enumerable.Range(0, 2 * Half).Select(n => (long)n), effects.Order());
        Assert.All(effects.GroupBy(n => n % Keys), key => Assert.Equal(key.Order(), key));
    }

    [Fact]
    public async Task Stop_ProcessThatPublishesAndHandles_AnotherTakesOver()
    {
        Requirement.Rabbit();
        await using EventsStore store = await EventsStore.OpenAsync(DatabaseEngine.Postgres);
        store.Settings["Broker"] = (await RabbitServer.SharedAsync()).Address.ToString();
        store.Settings["BrokerPrefix"] = $"t-{Guid.CreateVersion7():N}";
        await TestTransactionalSubscriber.CreateTableAsync(store.Database);
        TestTransactionalSubscriber one = new();
        TestTransactionalSubscriber two = new();
        ServiceProvider first = await store.StartAsync(one);
        await store.AppendAsync(first, "a", 0);
        await one.TakeAsync(store.Database, 1);
        ServiceProvider second = await store.StartAsync(two);

        Task writing = WriteAsync(store, second, 1, Half);
        await one.TakeAsync(store.Database, Half / 4);
        await EventsStore.StopAsync(first);
        await writing;

        // A take-over under load has been seen to hand a batch to both processes (docs/events.md, "What is known to be wrong"): until that
        // is mended, what is held here is that nothing is lost and the first handling is in order.
        long[] effects = [];
        await UntilAsync(async () =>
        {
            effects = [.. (await two.TakeAsync(store.Database, Half)).Distinct()];
            return effects.Length >= Half;
        });
        Assert.Equal(Enumerable.Range(0, Half).Select(n => (long)n), effects.Order());
        Assert.All(effects.GroupBy(n => n % Keys), key => Assert.Equal(key.Order(), key));
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(50));
        while (!await condition())
        {
            await timer.WaitForNextTickAsync(Cancellation);
        }
    }

    private static Task WriteAsync(EventsStore store, ServiceProvider process, int from, int to) => Task.Run(
        async () =>
        {
            for (int n = from; n < to; n++)
            {
                await store.AppendKeyAsync(process, "a", $"key-{n % Keys}", n);
            }
        },
        Cancellation);
}
