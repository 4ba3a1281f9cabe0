using FsCheck;
using FsCheck.Fluent;
using Iskra.Platform.Data;
using Iskra.Platform.Sagas;
using Iskra.Platform.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Iskra.Platform.Tests.Sagas;

/// <summary>
/// Sagas of random shape with failures, refusals, lost answers and crashes at random places: in the end all steps stand, each once, or none
/// does, and never both.
/// </summary>
public sealed class SagaPropertyTests
{
    private const int FaultKinds = 7;

    [Theory]
    [InlineData(DatabaseEngine.Sqlite, 150)]
    [InlineData(DatabaseEngine.Postgres, 150)]
    public async Task Drive_FaultsAtRandom_EndsWithAllStepsOrWithNone(DatabaseEngine engine, int runs)
    {
        await using SagaWorld world = await SagaWorld.OpenAsync(engine);
        HashSet<SagaStatus> seen = [];
        // Four numbers for each of up to five steps: its kind, its number of faults, and the seeds of the faults on the way there and back.
        Gen<int[]> step = Gen.ArrayOf(Gen.Choose(0, 1_000_000), 4);
        Gen<int[][]> saga = Gen.Choose(1, 5).SelectMany(count => Gen.ArrayOf(step, count));
#pragma warning disable VSTHRD002 // FsCheck calls properties synchronously, on a thread of its own here.
        await Task.Run(() => Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(runs),
            Prop.ForAll(saga.ToArbitrary(), steps => RunAsync(world, steps, seen).GetAwaiter().GetResult())));
#pragma warning restore VSTHRD002

        Assert.Superset(new HashSet<SagaStatus> { SagaStatus.Completed, SagaStatus.Compensated, SagaStatus.Parked }, seen);
    }

    private static async Task<bool> RunAsync(SagaWorld world, int[][] shape, HashSet<SagaStatus> seen)
    {
        world.Faults.Clear();
        List<SagaStep> steps = [];
        for (int i = 0; i < shape.Length; i++)
        {
            string name = $"step-{i}";
            SagaStep step = shape[i][0] % 2 == 0 ? world.InDatabase(name) : world.Outside(name);
            steps.Add(step with
            {
                Retry = step.Retry with { AttemptsMax = 3 },
                CompensateRetry = step.CompensateRetry with { AttemptsMax = 4 },
            });
            world.Faults[name] = FaultsOf(shape[i][1] % 4, shape[i][2]);
            world.Faults[$"{name}/undo"] = FaultsOf(shape[i][1] / 4 % 4, shape[i][3]);
        }

        await using ServiceProvider services = world.CreateServices(new SagaDefinition("test", 1, steps));
        Guid id = (await world.StartAsync(services, new SagaStart("test", "{}"))).Id;
        SagaRow end = await world.DriveToEndAsync(services, id);
        while (end.Status == (int)SagaStatus.Parked)
        {
            seen.Add(SagaStatus.Parked);
            Assert.True(await services.GetRequiredService<SagaStore>().RetryAsync(TenantId.Default, id, () => { }, CancellationToken.None));
            end = await world.DriveToEndAsync(services, id);
        }

        seen.Add((SagaStatus)end.Status);
        for (int i = 0; i < shape.Length; i++)
        {
            await AssertStandsAsync(world, $"{id}/step-{i}", shape[i][0] % 2 == 0, end.Status == (int)SagaStatus.Completed);
        }

        return true;
    }

    private static async Task AssertStandsAsync(SagaWorld world, string key, bool isInDatabase, bool isExpected)
    {
        if (!isInDatabase)
        {
            Assert.Equal(isExpected, world.Remote.Standing.Contains(key));
            return;
        }

        (long executed, long undone) = await world.EffectsAsync(key);
        Assert.InRange(executed, isExpected ? 1 : 0, 1);
        Assert.Equal(isExpected ? 0 : executed, undone);
    }

    private static Queue<SagaFault> FaultsOf(int count, int seed)
    {
        Queue<SagaFault> faults = new();
        for (int i = 0; i < count; i++)
        {
            faults.Enqueue((SagaFault)(seed % FaultKinds));
            seed /= FaultKinds;
        }

        return faults;
    }
}
