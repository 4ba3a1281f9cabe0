using Iskra.Platform.Data;
using Iskra.Platform.Jobs;
using Iskra.Platform.Jobs.Running;
using Iskra.Platform.Tenancy;
using Iskra.Testing;
using Xunit;

namespace Iskra.Platform.Tests.Jobs;

public abstract class DeadlineTests(DatabaseEngine engine)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<OverrunAction, string> Actions { get; } = new()
    {
        { OverrunAction.Warn, "jobs.deadline.warned" },
        { OverrunAction.RetrySimplified, "jobs.deadline.simplified" },
        { OverrunAction.Fallback, "jobs.deadline.fallback" },
        { OverrunAction.StopAndAsk, "jobs.deadline.asked" },
        { OverrunAction.NotifyAdmin, "jobs.deadline.admin-notified" },
    };

    [Theory]
    [MemberData(nameof(Actions))]
    public async Task Claim_JobThatWaitedTooLong_TakesTheDeclaredAction(OverrunAction action, string eventType)
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JobsProcess process = fixture.Process(
            Declare(action, TimeSpan.FromMilliseconds(1)), configure: options => options.SweepInterval = TimeSpan.FromMinutes(1));
        await RunAndCheckAsync(fixture, process, action, eventType, isQueuedFirst: true);
    }

    [Theory]
    [MemberData(nameof(Actions))]
    public async Task Sweep_JobThatWaitsTooLong_TakesTheDeclaredAction(OverrunAction action, string eventType)
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        TestTimeProvider time = new();
        JobsProcess process = fixture.Process(Declare(action, TimeSpan.FromSeconds(10)), time);
        EnqueueResult job = await process.Queue.EnqueueAsync(JobsFixture.Request(), Token);
        EnqueueResult other = await process.Queue.EnqueueAsync(
            JobsFixture.Request() with { NotBefore = time.GetUtcNow().AddHours(1) }, Token);
        await process.Get<OverrunActions>().SweepAsync(Token);
        Assert.Equal(0, await fixture.CountAsync("events_outbox"));
        time.Advance(TimeSpan.FromSeconds(11));
        await process.Get<OverrunActions>().SweepAsync(Token);
        await process.Get<OverrunActions>().SweepAsync(Token);

        JobInfo info = (await process.Directory.GetAsync(TenantId.Default, job.JobId, Token))!;
        Assert.True(info.IsOverrun);
        Assert.Equal(action == OverrunAction.StopAndAsk ? JobState.Waiting : JobState.Queued, info.State);
        Assert.Equal(ModeOf(action), info.Mode);
        Assert.False((await process.Directory.GetAsync(TenantId.Default, other.JobId, Token))!.IsOverrun);
        Assert.Equal(1, await fixture.CountAsync($"events_outbox where type = '{eventType}'"));
        Assert.Equal(1, process.Directory.Sla().Single().Overruns);
    }

    [Theory]
    [MemberData(nameof(Actions))]
    public async Task Sweep_JobThatRunsTooLong_TakesTheDeclaredAction(OverrunAction action, string eventType)
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JobsProcess process = fixture.Process(Declare(action, TimeSpan.FromMilliseconds(300)));
        await RunAndCheckAsync(fixture, process, action, eventType, isQueuedFirst: false);
    }

    [Fact]
    public async Task Answer_JobThatWaits_GoesOnOrIsCancelled()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        TestTimeProvider time = new();
        JobsProcess process = fixture.Process(Declare(OverrunAction.StopAndAsk, TimeSpan.FromSeconds(10)), time);
        Guid first = (await process.Queue.EnqueueAsync(JobsFixture.Request(), Token)).JobId;
        Guid second = (await process.Queue.EnqueueAsync(JobsFixture.Request(), Token)).JobId;
        Assert.Equal(JobCommandStatus.WrongState, await process.Directory.AnswerAsync(TenantId.Default, first, true, Token));
        time.Advance(TimeSpan.FromSeconds(11));
        await process.Get<OverrunActions>().SweepAsync(Token);

        Assert.Equal(JobCommandStatus.NotFound, await process.Directory.AnswerAsync(new TenantId(2), first, true, Token));
        Assert.Equal(JobCommandStatus.Done, await process.Directory.AnswerAsync(TenantId.Default, first, true, Token));
        Assert.Equal(JobCommandStatus.Done, await process.Directory.AnswerAsync(TenantId.Default, second, false, Token));
        JobInfo goesOn = (await process.Directory.GetAsync(TenantId.Default, first, Token))!;
        Assert.Equal((JobState.Queued, time.GetUtcNow().AddSeconds(10)), (goesOn.State, goesOn.DueAt));
        Assert.Equal(JobState.Cancelled, (await process.Directory.GetAsync(TenantId.Default, second, Token))!.State);
    }

    [Fact]
    public void Values_OfStoredEnums_OnlyGrow()
    {
        Assert.Equal(
            "Scheduled=1 Queued=2 Running=3 Waiting=4 Done=10 Dead=11 Cancelled=12 Quarantined=13",
            string.Join(' ', Enum.GetValues<JobState>().Select(value => $"{value}={(int)value}")));
        Assert.Equal(
            "Warn=1 RetrySimplified=2 Fallback=3 StopAndAsk=4 NotifyAdmin=5",
            string.Join(' ', Enum.GetValues<OverrunAction>().Select(value => $"{value}={(int)value}")));
        Assert.Equal(
            "Normal=0 Simplified=1 Fallback=2", string.Join(' ', Enum.GetValues<JobMode>().Select(value => $"{value}={(int)value}")));
        Assert.Equal((2, 4, 5), ((int)StopReason.Cancel, (int)StopReason.Restart, (int)StopReason.Ask));
    }

    private static JobMode ModeOf(OverrunAction action) => action switch
    {
        OverrunAction.RetrySimplified => JobMode.Simplified,
        OverrunAction.Fallback => JobMode.Fallback,
        _ => JobMode.Normal,
    };

    private static JobTypeOptions Declare(OverrunAction action, TimeSpan maximum) =>
        JobsFixture.TypeOptions with { Overrun = action, Maximum = maximum };

    private static async Task RunAndCheckAsync(
        JobsFixture fixture, JobsProcess process, OverrunAction action, string eventType, bool isQueuedFirst)
    {
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool wasSimplified = false;
        process.Handler.Body = async (context, token) =>
        {
            wasSimplified = context.IsSimplified;
            // On a slow machine it may be late at its claim already.
            if (!isQueuedFirst && context.Attempt == 1 && !context.IsSimplified)
            {
                await gate.Task.WaitAsync(token);
            }

            return JobOutcome.Done;
        };
        bool fellBack = false;
        process.Fallback.Body = (_, _) =>
        {
            fellBack = true;
            return Task.FromResult(JobOutcome.Done);
        };
        JobRequest request = JobsFixture.Request();
        Guid job = (await process.Queue.EnqueueAsync(request, Token)).JobId;
        if (isQueuedFirst)
        {
            // The server's clock counts for jobs, and this process knows it to within a round trip.
            TimeSpan margin = TimeSpan.FromMilliseconds(200);
            await JobsFixture.UntilAsync(async () =>
                TimeProvider.System.GetUtcNow() > (await process.Directory.GetAsync(TenantId.Default, job, Token))!.DueAt + margin);
        }

        await process.StartAsync();
        await JobsFixture.UntilAsync(async () => await fixture.CountAsync($"events_outbox where type = '{eventType}'") == 1);
        if (action is OverrunAction.Warn or OverrunAction.NotifyAdmin)
        {
            gate.TrySetResult();
        }

        JobInfo end = await JobsFixture.WaitAsync(
            process, job, action == OverrunAction.StopAndAsk ? JobState.Waiting : JobState.Done);
        Assert.True(end.IsOverrun);
        Assert.Equal(0, end.Failures);
        Assert.Equal(action == OverrunAction.RetrySimplified, wasSimplified);
        Assert.Equal(action == OverrunAction.Fallback, fellBack);
        Assert.Equal(1, await fixture.CountAsync("events_outbox"));
    }
}
