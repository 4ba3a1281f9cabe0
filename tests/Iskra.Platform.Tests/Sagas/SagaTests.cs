using System.Globalization;
using Iskra.Platform.Data;
using Iskra.Platform.Events;
using Iskra.Platform.Sagas;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Iskra.Platform.Tests.Sagas;

/// <summary>What a saga does, on either engine.</summary>
public abstract class SagaTests(DatabaseEngine engine)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_SameKeyAgain_FindsTheFirst()
    {
        await using SagaWorld world = await SagaWorld.OpenAsync(engine);
        await using ServiceProvider services = world.CreateServices(new SagaDefinition("test", 1, [world.InDatabase("one")]));
        SagaStart start = new("test", """{"n":1}""") { IdempotencyKey = "k" };
        SagaStarted first = await world.StartAsync(services, start);
        Assert.Equal(SagaStartOutcome.Started, first.Outcome);
        Assert.Equal(first with { Outcome = SagaStartOutcome.Exists }, await world.StartAsync(services, start));
        Assert.Equal(
            first with { Outcome = SagaStartOutcome.StateDiffers },
            await world.StartAsync(services, start with { State = """{"n":2}""" }));
        Assert.Equal(SagaStartOutcome.Started, (await world.StartAsync(services, start with { Tenant = new TenantId(2) })).Outcome);
        await Assert.ThrowsAsync<InvalidOperationException>(() => world.StartAsync(services, new SagaStart("unknown", "{}")));
    }

    [Fact]
    public async Task Start_TransactionThatFails_StartsNothing()
    {
        await using SagaWorld world = await SagaWorld.OpenAsync(engine);
        await using ServiceProvider services = world.CreateServices(new SagaDefinition("test", 1, [world.InDatabase("one")]));
        await Assert.ThrowsAsync<InvalidOperationException>(() => world.Database.WriteAsync(
            async session =>
            {
                await services.GetRequiredService<SagaStarter>().StartAsync(session, new SagaStart("test", "{}"));
                throw new InvalidOperationException("rolled back");
            },
            Cancellation));
        Assert.Empty(await ListAsync(services));
    }

    [Fact]
    public async Task Drive_StateOfAStep_ReachesTheNext()
    {
        await using SagaWorld world = await SagaWorld.OpenAsync(engine);
        SagaStep add = new("add", SagaAction.CallsOut((call, _) => AddAsync(call)));
        SagaStep addMore = new("add-more", SagaAction.InTransaction((_, call) => AddAsync(call)));
        await using ServiceProvider services = world.CreateServices(new SagaDefinition("test", 1, [add, addMore]));
        Guid id = (await world.StartAsync(services, new SagaStart("test", "1"))).Id;

        SagaRow end = await world.DriveToEndAsync(services, id);
        Assert.Equal((SagaStatus.Completed, "3"), ((SagaStatus)end.Status, end.State));
        Assert.Equal((string[])[SagaEvents.Completed], await EventsOfAsync(services, id));
    }

    [Fact]
    public async Task Drive_StepThatRefuses_UndoesThoseBefore()
    {
        await using SagaWorld world = await SagaWorld.OpenAsync(engine);
        await using ServiceProvider services = world.CreateServices(
            new SagaDefinition("test", 1, [world.InDatabase("one"), world.Outside("two"), world.Outside("three")]));
        world.Faults["three"] = new([SagaFault.Refuse]);
        Guid id = (await world.StartAsync(services, new SagaStart("test", "{}"))).Id;

        SagaRow end = await world.DriveToEndAsync(services, id);
        Assert.Equal(
            (SagaStatus.Compensated, SagaReason.Refused, "three"), ((SagaStatus)end.Status, (SagaReason)end.Reason!, end.ErrorStep));
        Assert.Equal((1, 1), await world.EffectsAsync($"{id}/one"));
        Assert.Empty(world.Remote.Standing);
        Assert.Equal((string[])[SagaEvents.Compensated], await EventsOfAsync(services, id));
    }

    [Fact]
    public async Task Drive_DeadlineThatPasses_IsCompensated()
    {
        await using SagaWorld world = await SagaWorld.OpenAsync(engine);
        SagaStep slow = world.Outside("slow") with
        {
            Retry = new SagaRetryPolicy { AttemptsMax = 1_000, BackoffFirst = TimeSpan.FromSeconds(30) },
        };
        await using ServiceProvider services = world.CreateServices(
            new SagaDefinition("test", 1, [world.InDatabase("one"), slow], TimeSpan.FromMinutes(5)));
        world.Faults["slow"] = new(Enumerable.Repeat(SagaFault.ThrowAfter, 100));
        Guid id = (await world.StartAsync(services, new SagaStart("test", "{}"))).Id;

        SagaRow end = await world.DriveToEndAsync(services, id);
        Assert.Equal((SagaStatus.Compensated, SagaReason.DeadlinePassed), ((SagaStatus)end.Status, (SagaReason)end.Reason!));
        Assert.InRange(end.FinishedAt!.Value - end.CreatedAt, 300_000_000, 330_000_000);
        Assert.Equal((1, 1), await world.EffectsAsync($"{id}/one"));
        Assert.Empty(world.Remote.Standing);
    }

    [Fact]
    public async Task Drive_CompensationThatFailsForGood_IsParkedUntilRetried()
    {
        await using SagaWorld world = await SagaWorld.OpenAsync(engine);
        SagaStep first = world.Outside("one") with { CompensateRetry = new SagaRetryPolicy { AttemptsMax = 2 } };
        await using ServiceProvider services = world.CreateServices(new SagaDefinition("test", 1, [first, world.Outside("two")]));
        world.Faults["two"] = new([SagaFault.Refuse]);
        world.Faults["one/undo"] = new([SagaFault.ThrowBefore, SagaFault.ThrowBefore]);
        Guid id = (await world.StartAsync(services, new SagaStart("test", "{}"))).Id;

        SagaRow parked = await world.DriveToEndAsync(services, id);
        Assert.Equal((SagaStatus.Parked, "InvalidOperationException"), ((SagaStatus)parked.Status, parked.ErrorKind));
        Assert.Single(world.Remote.Standing);
        SagaStore store = services.GetRequiredService<SagaStore>();
        Assert.False(await store.RetryAsync(new TenantId(2), id, () => { }, Cancellation));
        Assert.True(await store.RetryAsync(TenantId.Default, id, () => { }, Cancellation));

        Assert.Equal(SagaStatus.Compensated, (SagaStatus)(await world.DriveToEndAsync(services, id)).Status);
        Assert.Empty(world.Remote.Standing);
        Assert.Equal((string[])[SagaEvents.Parked, SagaEvents.Compensated], await EventsOfAsync(services, id));
    }

    [Fact]
    public async Task Drive_RowThatAnotherTook_ChangesNothing()
    {
        await using SagaWorld world = await SagaWorld.OpenAsync(engine);
        await using ServiceProvider services = world.CreateServices(new SagaDefinition("test", 1, [world.InDatabase("one")]));
        Guid id = (await world.StartAsync(services, new SagaStart("test", "{}"))).Id;
        SagaRow old = await ClaimAsync(services);
        world.Time.Advance(TimeSpan.FromMinutes(1));
        SagaRow current = await ClaimAsync(services);
        SagaDriver driver = services.GetRequiredService<SagaDriver>();

        await Assert.ThrowsAsync<SagaLostException>(() => driver.DriveAsync(old, Cancellation));
        Assert.Equal((0, 0), await world.EffectsAsync($"{id}/one"));
        await driver.DriveAsync(current, Cancellation);
        Assert.Equal((1, 0), await world.EffectsAsync($"{id}/one"));
    }

    [Fact]
    public async Task Drive_StepThatIgnoresItsCancellation_IsGivenUp()
    {
        await using SagaWorld world = await SagaWorld.OpenAsync(engine);
        TaskCompletionSource<SagaStepResult> never = new();
        TaskCompletionSource called = new(TaskCreationOptions.RunContinuationsAsynchronously);
        SagaStep hanging = new(
            "hanging",
            SagaAction.CallsOut((_, _) =>
            {
                called.TrySetResult();
                return never.Task;
            }))
        {
            Retry = new SagaRetryPolicy { AttemptsMax = 1 },
        };
        await using ServiceProvider services = world.CreateServices(new SagaDefinition("test", 1, [hanging]));
        Guid id = (await world.StartAsync(services, new SagaStart("test", "{}"))).Id;
        Task driving = services.GetRequiredService<SagaDriver>().DriveAsync(await ClaimAsync(services), Cancellation);
        await called.Task;
        world.Time.Advance(hanging.Timeout);
        await driving;

        SagaRow end = await world.DriveToEndAsync(services, id);
        Assert.Equal((SagaStatus.Compensated, "TimeoutException"), ((SagaStatus)end.Status, end.ErrorKind));
    }

    [Fact]
    public async Task Claim_VersionThatIsNotRegistered_IsLeftToOthers()
    {
        await using SagaWorld world = await SagaWorld.OpenAsync(engine);
        SagaDefinition one = new("test", 1, [world.InDatabase("one")]);
        SagaDefinition two = new("test", 2, [world.InDatabase("one")]);
        await using ServiceProvider newer = world.CreateServices(one, two);
        await using ServiceProvider older = world.CreateServices(one);
        Guid id = (await world.StartAsync(newer, new SagaStart("test", "{}"))).Id;

        SagaStore store = older.GetRequiredService<SagaStore>();
        IReadOnlyList<string> known = older.GetRequiredService<SagaCatalog>().Keys;
        Assert.Empty(await store.ClaimAsync("older", known, 10, TimeSpan.FromMinutes(1), Cancellation));
        Assert.Equal(2, (await world.DriveToEndAsync(newer, id)).Version);
    }

    [Fact]
    public async Task Run_StartedSagas_AreCompletedByTheRunner()
    {
        await using SagaWorld world = await SagaWorld.OpenAsync(engine);
        await using ServiceProvider services = world.CreateServices(
            new SagaDefinition("test", 1, [world.InDatabase("one"), world.Outside("two")]));
        SagaRunner runner = services.GetServices<IHostedService>().OfType<SagaRunner>().Single();
        await runner.StartAsync(Cancellation);
        for (int i = 0; i < 50; i++)
        {
            await world.StartAsync(services, new SagaStart("test", "{}"));
        }

        SagaStore store = services.GetRequiredService<SagaStore>();
        while ((await store.ListAsync(TenantId.Default, SagaStatus.Completed, null, null, 100, Cancellation)).Count < 50)
        {
            await Task.Delay(5, Cancellation);
        }

        await runner.StopAsync(Cancellation);
        Assert.Equal(50, world.Remote.Standing.Count);
        world.Time.Advance(TimeSpan.FromDays(31));
        await runner.SweepAsync(Cancellation);
        Assert.Empty(await ListAsync(services));
    }

    [Fact]
    public void Status_Numbers_AreThoseThatAreStored()
    {
        Assert.Equal([1, 2, 3, 4, 5], Enum.GetValues<SagaStatus>().Select(status => (int)status));
        Assert.Equal(["Running", "Compensating", "Completed", "Compensated", "Parked"], Enum.GetNames<SagaStatus>());
        Assert.Equal([1, 2, 3], Enum.GetValues<SagaReason>().Select(reason => (int)reason));
        Assert.Equal(["Refused", "Failed", "DeadlinePassed"], Enum.GetNames<SagaReason>());
        Assert.Equal(["Failed", "Behind", "Requeued"], Enum.GetNames<ParkedState>());
        Assert.Equal([1, 2, 3], Enum.GetValues<ParkedState>().Select(state => (int)state));
    }

    private static Task<SagaStepResult> AddAsync(SagaCall call)
    {
        call.State = (int.Parse(call.State, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);
        return Task.FromResult(SagaStepResult.Done);
    }

    private static async Task<SagaRow> ClaimAsync(ServiceProvider services) => Assert.Single(
        await services.GetRequiredService<SagaStore>().ClaimAsync(
            "process", services.GetRequiredService<SagaCatalog>().Keys, 10, TimeSpan.FromSeconds(15), Cancellation));

    private static Task<IReadOnlyList<SagaRow>> ListAsync(ServiceProvider services) =>
        services.GetRequiredService<SagaStore>().ListAsync(TenantId.Default, null, null, null, 100, Cancellation);

    private static async Task<IEnumerable<string>> EventsOfAsync(ServiceProvider services, Guid id)
    {
        EventPage page = await services.GetRequiredService<OutboxStore>().ReadAsync(EventCursor.Beginning, null, 100, Cancellation);
        return page.Events.Where(stored => stored.Key == id.ToString()).Select(stored => stored.Type);
    }
}

public sealed class SqliteSagaTests() : SagaTests(DatabaseEngine.Sqlite);

public sealed class PostgresSagaTests() : SagaTests(DatabaseEngine.Postgres);
