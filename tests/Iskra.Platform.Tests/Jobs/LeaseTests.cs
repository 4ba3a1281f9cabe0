using Iskra.Platform.Data;
using Iskra.Platform.Jobs;
using Iskra.Platform.Jobs.Running;
using Iskra.Platform.Jobs.Storage;
using Iskra.Platform.Tenancy;
using Iskra.Testing;
using Xunit;

namespace Iskra.Platform.Tests.Jobs;

public abstract class LeaseTests(DatabaseEngine engine)
{
    private readonly TestTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sweep_WorkerThatDied_GivesItsJobsBackWithinTwentySeconds()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JobsProcess observer = DefaultProcess(fixture);
        (Guid job, _) = await ClaimAsDeadAsync(observer);
        TimeSpan elapsed = await SweepUntilAsync(observer, async () => (await InfoAsync(observer, job)).State == JobState.Queued);

        // The worst case: the last heartbeat was seen one sweep late, and the end of the lease is seen one sweep late.
        Assert.InRange(elapsed + observer.Options.SweepInterval, observer.Options.Lease, TimeSpan.FromSeconds(20));
        JobInfo info = await InfoAsync(observer, job);
        Assert.Equal((1, 0), (info.Crashes, info.Failures));
        Assert.Equal(0, await fixture.CountAsync("jobs_workers"));
    }

    [Fact]
    public async Task Sweep_WorkerThatLives_KeepsALongJob()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JobsProcess observer = DefaultProcess(fixture);
        (Guid job, Guid worker) = await ClaimAsDeadAsync(observer);
        for (int i = 0; i < 400; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            await BeatAsync(fixture, worker);
            await observer.Get<LeaseWatch>().SweepAsync(Token);
        }

        JobInfo info = await InfoAsync(observer, job);
        Assert.Equal((JobState.Running, 1), (info.State, info.Attempt));
    }

    [Fact]
    public async Task Sweep_ClocksThatJump_ExpireNobodyAndKeepNoDeadOne()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JumpingClock clock = new(_time);
        JobsProcess observer = DefaultProcess(fixture, clock);
        (Guid job, Guid worker) = await ClaimAsDeadAsync(observer);
        await observer.Get<LeaseWatch>().SweepAsync(Token);
        clock.Jump = TimeSpan.FromDays(1);
        _time.Advance(TimeSpan.FromSeconds(2));
        await BeatAsync(fixture, worker);
        await observer.Get<LeaseWatch>().SweepAsync(Token);
        Assert.Equal(JobState.Running, (await InfoAsync(observer, job)).State);

        clock.Jump = TimeSpan.FromDays(-1);
        TimeSpan elapsed = await SweepUntilAsync(observer, async () => (await InfoAsync(observer, job)).State == JobState.Queued);
        Assert.InRange(elapsed, observer.Options.Lease, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Sweep_ObserverThatSawNothingForAWhile_DoesNotCountThatTime()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JobsProcess observer = DefaultProcess(fixture);
        (Guid job, _) = await ClaimAsDeadAsync(observer);
        await observer.Get<LeaseWatch>().SweepAsync(Token);
        // The database was away: the worker could not say that it lives either.
        _time.Advance(TimeSpan.FromMinutes(5));
        await observer.Get<LeaseWatch>().SweepAsync(Token);
        Assert.Equal(JobState.Running, (await InfoAsync(observer, job)).State);
    }

    [Fact]
    public async Task Sweep_JobThatKillsItsWorkers_IsQuarantinedAndCanBeRetried()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JobsProcess observer = DefaultProcess(fixture);
        EnqueueResult job = await observer.Queue.EnqueueAsync(JobsFixture.Request(), Token);
        for (int crash = 0; crash < 3; crash++)
        {
            await ClaimAsync(observer);
            await SweepUntilAsync(observer, async () => await fixture.CountAsync("jobs_workers") == 0);
        }

        JobInfo info = await InfoAsync(observer, job.JobId);
        Assert.Equal((JobState.Quarantined, 3, 0), (info.State, info.Crashes, info.Failures));
        Assert.Equal(1, await fixture.CountAsync("events_outbox where type = 'jobs.job.quarantined'"));
        Assert.Equal(JobCommandStatus.Done, await observer.Directory.RetryAsync(TenantId.Default, job.JobId, Token));
        Assert.Equal((JobState.Queued, 0), ((await InfoAsync(observer, job.JobId)).State, (await InfoAsync(observer, job.JobId)).Crashes));
    }

    [Fact]
    public async Task Sweep_JobThatSomebodyWantedCancelled_IsCancelledAfterTheCrash()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JobsProcess observer = DefaultProcess(fixture);
        (Guid job, _) = await ClaimAsDeadAsync(observer);
        Assert.Equal(JobCommandStatus.Requested, await observer.Directory.CancelAsync(TenantId.Default, job, Token));
        await SweepUntilAsync(observer, async () => (await InfoAsync(observer, job)).State == JobState.Cancelled);
        Assert.Equal(0, await fixture.CountAsync("jobs"));
    }

    [Fact]
    public async Task Complete_AfterTheJobWasGivenToAnother_IsRefusedWithItsEffect()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        // With one worker, so that it can't claim the job a second time itself.
        JobsProcess slow = fixture.Process(JobsFixture.TypeOptions with { WorkersMin = 1, WorkersMax = 1 });
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource<Exception?> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        slow.Handler.Body = async (context, _) =>
        {
            await gate.Task;
            ended.SetResult(await Record.ExceptionAsync(() => fixture.Database.WriteAsync(
                async session =>
                {
                    await session.ExecuteAsync("insert into jobs_queues (type, updated_at) values ('effect', 1)");
                    await context.CompleteAsync(session);
                })));
            return JobOutcome.Done;
        };
        await slow.StartAsync();
        EnqueueResult job = await slow.Queue.EnqueueAsync(JobsFixture.Request(), Token);
        await JobsFixture.UntilAsync(() => Task.FromResult(slow.Handler.Running == 1));

        // The slow process is taken for dead: its row is gone and its job is another one's.
        JobsProcess other = fixture.Process();
        await fixture.Database.WriteAsync(session => session.ExecuteAsync("delete from jobs_workers"), Token);
        await fixture.Database.WriteAsync(
            session => session.ExecuteAsync("update jobs set state = 2, worker_id = null, crashes = 1"), Token);
        await other.StartAsync();
        JobInfo done = await JobsFixture.WaitAsync(other, job.JobId, JobState.Done);
        gate.SetResult();

        Assert.IsType<JobLostException>(await ended.Task);
        Assert.Equal(0, await fixture.CountAsync("jobs_queues where type = 'effect'"));
        Assert.Equal(2, done.Attempt);
        await slow.StopAsync();
        Assert.Equal(1, await fixture.CountAsync("jobs_history"));
    }

    [Fact]
    public async Task Complete_InTheHandlersTransaction_CommitsBoth()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JobsProcess process = fixture.Process();
        process.Handler.Body = async (context, token) =>
        {
            await fixture.Database.WriteAsync(
                async session =>
                {
                    await session.ExecuteAsync("insert into jobs_queues (type, updated_at) values ('effect', 1)");
                    await context.CompleteAsync(session, "[1]");
                },
                token);
            throw new InvalidOperationException("after the commit nothing can fail any more");
        };
        await process.StartAsync();
        EnqueueResult job = await process.Queue.EnqueueAsync(JobsFixture.Request(), Token);

        JobInfo done = await JobsFixture.WaitAsync(process, job.JobId, JobState.Done);
        Assert.Equal("[1]", done.Result);
        Assert.Equal(1, await fixture.CountAsync("jobs_queues where type = 'effect'"));
    }

    [Fact]
    public async Task Beat_RowThatWasTaken_CancelsAttemptsAndRegistersAnew()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JobsProcess process = fixture.Process(configure: options =>
        {
            options.HeartbeatInterval = TimeSpan.FromMilliseconds(50);
            options.SweepInterval = TimeSpan.FromMinutes(1);
        });
        TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        process.Handler.Body = async (context, token) =>
        {
            if (context.Attempt == 1)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancelled.SetResult();
                token.ThrowIfCancellationRequested();
            }

            return JobOutcome.Done;
        };
        await process.StartAsync();
        EnqueueResult job = await process.Queue.EnqueueAsync(JobsFixture.Request(), Token);
        await JobsFixture.UntilAsync(() => Task.FromResult(process.Handler.Running == 1));
        Guid before = process.Get<WorkerLease>().WorkerId;
        await fixture.Database.WriteAsync(session => session.ExecuteAsync("delete from jobs_workers"), Token);

        await cancelled.Task.WaitAsync(Token);
        JobInfo done = await JobsFixture.WaitAsync(process, job.JobId, JobState.Done);
        Assert.Equal((2, 0), (done.Attempt, done.Failures));
        Assert.NotEqual(before, process.Get<WorkerLease>().WorkerId);
    }

    [Fact]
    public void Now_AnchoredAtTheServer_IgnoresJumpsOfThisProcess()
    {
        JumpingClock clock = new(_time);
        JobClock jobs = new(clock);
        jobs.Anchor(1_000_000);
        clock.Jump = TimeSpan.FromDays(-3);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(3_000_000, jobs.Now);
    }

    private static Task<int> BeatAsync(JobsFixture fixture, Guid worker) =>
        fixture.Database.WriteAsync(
            session => session.ExecuteAsync("update jobs_workers set beat = beat + 1 where id = @worker", new { worker }), Token);

    private static async Task<JobInfo> InfoAsync(JobsProcess process, Guid job) =>
        (await process.Directory.GetAsync(TenantId.Default, job, Token))!;

    /// <summary>A worker that claims what waits and is never heard of again.</summary>
    private static async Task<Guid> ClaimAsync(JobsProcess process)
    {
        Guid worker = Guid.CreateVersion7();
        await process.Database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(
                    "insert into jobs_workers (id, name, beat, started_at, seen_at, running, capacity) "
                        + "values (@worker, 'x', 7, 0, 0, 0, 0)",
                    new { worker });
                await process.Get<IJobStore>().ClaimAsync(session, [new ClaimWish(JobsFixture.Type, 10)], worker, 1);
            },
            Token);
        return worker;
    }

    private static async Task<(Guid Job, Guid Worker)> ClaimAsDeadAsync(JobsProcess process)
    {
        EnqueueResult job = await process.Queue.EnqueueAsync(JobsFixture.Request(), Token);
        return (job.JobId, await ClaimAsync(process));
    }

    private JobsProcess DefaultProcess(JobsFixture fixture, TimeProvider? clock = null)
    {
        JobsOptions defaults = new();
        return fixture.Process(time: clock ?? _time, configure: options => options.SweepInterval = defaults.SweepInterval);
    }

    /// <summary>Sweeps at the interval until something is so; how long that took by the clock.</summary>
    private async Task<TimeSpan> SweepUntilAsync(JobsProcess process, Func<Task<bool>> condition)
    {
        DateTimeOffset from = _time.GetUtcNow();
        while (!await condition())
        {
            Assert.True(_time.GetUtcNow() - from < TimeSpan.FromMinutes(1), "Not within a minute.");
            await process.Get<LeaseWatch>().SweepAsync(Token);
            if (await condition())
            {
                break;
            }

            _time.Advance(process.Options.SweepInterval);
        }

        return _time.GetUtcNow() - from;
    }
}
