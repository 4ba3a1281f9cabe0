using Iskra.Platform.Data;
using Iskra.Platform.Jobs;
using Iskra.Platform.Jobs.Running;
using Iskra.Platform.Jobs.Storage;
using Iskra.Platform.Tenancy;
using Iskra.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace Iskra.Platform.Tests.Jobs;

public abstract class JobControlTests(DatabaseEngine engine)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cancel_JobThatWaits_EndsItAtOnce()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JobsProcess process = fixture.Process();
        Guid job = (await process.Queue.EnqueueAsync(JobsFixture.Request(), Token)).JobId;

        Assert.Equal(JobCommandStatus.NotFound, await process.Directory.CancelAsync(new TenantId(2), job, Token));
        Assert.Equal(JobCommandStatus.Done, await process.Directory.CancelAsync(TenantId.Default, job, Token));
        Assert.Equal(JobCommandStatus.WrongState, await process.Directory.CancelAsync(TenantId.Default, job, Token));
        JobInfo info = (await process.Directory.GetAsync(TenantId.Default, job, Token))!;
        Assert.Equal(JobState.Cancelled, info.State);
        Assert.NotNull(info.FinishedAt);
        Assert.Equal(0, await fixture.CountAsync("jobs"));
    }

    [Fact]
    public async Task Cancel_JobThatRuns_StopsItsHandler()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JobsProcess process = fixture.Process();
        process.Handler.Body = async (_, token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            return JobOutcome.Done;
        };
        await process.StartAsync();
        Guid job = (await process.Queue.EnqueueAsync(JobsFixture.Request(), Token)).JobId;
        await JobsFixture.UntilAsync(() => Task.FromResult(process.Handler.Running == 1));
        // From a process that doesn't run it.
        JobCommandStatus status = await fixture.Process().Directory.CancelAsync(TenantId.Default, job, Token);

        Assert.Equal(JobCommandStatus.Requested, status);
        Assert.Equal(1, (await JobsFixture.WaitAsync(process, job, JobState.Cancelled)).Attempt);
    }

    [Fact]
    public async Task Run_AttemptThatTakesTooLong_IsCancelledAndCountsAsFailed()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JobsProcess process = fixture.Process(
            JobsFixture.TypeOptions with { AttemptTimeLimit = TimeSpan.FromMilliseconds(50), FailuresMax = 2 });
        process.Handler.Body = async (_, token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            return JobOutcome.Done;
        };
        await process.StartAsync();
        Guid job = (await process.Queue.EnqueueAsync(JobsFixture.Request(), Token)).JobId;

        JobInfo dead = await JobsFixture.WaitAsync(process, job, JobState.Dead);
        Assert.Equal(2, dead.Failures);
        Assert.Contains("limit of 00:00:00.0500000", dead.Error, StringComparison.Ordinal);
        Assert.Equal(1, await fixture.CountAsync("events_outbox where type = 'jobs.job.dead'"));
    }

    [Fact]
    public async Task Run_HandlerThatIgnoresCancellation_KeepsItsWorkerAndRunsOnce()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JobsProcess process = fixture.Process(
            JobsFixture.TypeOptions with { AttemptTimeLimit = TimeSpan.FromMilliseconds(30), WorkersMin = 1, WorkersMax = 1 },
            configure: options => options.CancellationGrace = TimeSpan.FromMilliseconds(30));
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        process.Handler.Body = async (_, _) =>
        {
            await gate.Task;
            return JobOutcome.Done;
        };
        await process.StartAsync();
        Guid first = (await process.Queue.EnqueueAsync(JobsFixture.Request(), Token)).JobId;
        await JobsFixture.UntilAsync(() => Task.FromResult(process.Handler.Running == 1));
        Guid second = (await process.Queue.EnqueueAsync(JobsFixture.Request(), Token)).JobId;
        await JobsFixture.UntilAsync(() => Task.FromResult(process.Get<JobRunner>().Runs.Any(run => run.IsReported)));

        Assert.Equal(1, process.Handler.RunningMost);
        Assert.Equal(JobState.Running, (await process.Directory.GetAsync(TenantId.Default, first, Token))!.State);
        Assert.Equal(JobState.Queued, (await process.Directory.GetAsync(TenantId.Default, second, Token))!.State);
        gate.SetResult();
        // It did its work after all.
        Assert.Equal(1, (await JobsFixture.WaitAsync(process, first, JobState.Done)).Attempt);
        await JobsFixture.WaitAsync(process, second, JobState.Done);
    }

    [Fact]
    public async Task Stop_WithJobsUnderWay_GivesThemBackAndLeaves()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JobsProcess process = fixture.Process(configure: options => options.DrainTimeout = TimeSpan.FromMilliseconds(10));
        process.Handler.Body = async (_, token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            return JobOutcome.Done;
        };
        await process.StartAsync();
        Guid job = (await process.Queue.EnqueueAsync(JobsFixture.Request(), Token)).JobId;
        await JobsFixture.UntilAsync(() => Task.FromResult(process.Handler.Running == 1));
        await process.StopAsync();

        JobInfo info = (await process.Directory.GetAsync(TenantId.Default, job, Token))!;
        Assert.Equal((JobState.Queued, 0, 0), (info.State, info.Failures, info.Crashes));
        Assert.Equal(0, await fixture.CountAsync("jobs_workers"));
    }

    [Fact]
    public async Task Pause_Type_StartsNothingUntilResumed()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JobsProcess process = fixture.Process();
        Assert.True(await process.Directory.PauseAsync(JobsFixture.Type, Token));
        Assert.False(await process.Directory.PauseAsync(JobsFixture.Type, Token));
        await process.StartAsync();
        Guid job = (await process.Queue.EnqueueAsync(JobsFixture.Request(), Token)).JobId;
        JobSlots slots = process.Get<Dispatcher>().Slots.Single();
        await JobsFixture.UntilAsync(() => Task.FromResult(slots.IsPaused));

        JobQueueInfo queue = Assert.Single(await process.Directory.QueuesAsync(TenantId.Default, Token));
        Assert.Equal((true, 1L), (queue.IsPaused, queue.Queued));
        Assert.NotNull(queue.OldestAge);
        Assert.Equal(0, process.Handler.RunningMost);
        Assert.True(await process.Directory.ResumeAsync(JobsFixture.Type, Token));
        await JobsFixture.WaitAsync(process, job, JobState.Done);
    }

    [Fact]
    public async Task Report_Progress_IsSeenWhileTheJobRuns()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JobsProcess process = fixture.Process();
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        process.Handler.Body = async (context, _) =>
        {
            context.Report(10);
            context.Report(40, "four of ten\0");
            await gate.Task;
            return JobOutcome.WithResult("\"end\"");
        };
        await process.StartAsync();
        Guid job = (await process.Queue.EnqueueAsync(JobsFixture.Request(), Token)).JobId;
        List<JobInfo> seen = [];
        await foreach (JobInfo info in process.Directory.WatchAsync(TenantId.Default, job, Token))
        {
            seen.Add(info);
            if (info.Progress is not null)
            {
                gate.TrySetResult();
            }
        }

        Assert.Contains(new JobProgress(40, "four of ten\uFFFD"), seen.Select(info => info.Progress));
        Assert.Equal((JobState.Done, "\"end\""), (seen[^1].State, seen[^1].Result));
        Assert.Equal(0, process.Get<JobChanges>().Count);
    }

    [Fact]
    public async Task Claim_Priorities_HighFirstButLowNeverStarves()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        TestTimeProvider time = new();
        JobsProcess process = fixture.Process(time: time);
        async Task<Guid> AddAsync(int priority) =>
            (await process.Queue.EnqueueAsync(JobsFixture.Request() with { Priority = priority }, Token)).JobId;
        Guid low = await AddAsync(-10);
        time.Advance(TimeSpan.FromMinutes(15));
        Guid high = await AddAsync(10);
        time.Advance(TimeSpan.FromMinutes(10));
        Guid lateHigh = await AddAsync(10);

        // With a step of a minute, twenty steps of priority weigh as much as twenty minutes of waiting.
        Assert.Equal([high, low, lateHigh], await ClaimAsync(process));
    }

    [Fact]
    public async Task List_ManyJobs_IsPagedNewestFirstWithinATenant()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JobsProcess process = fixture.Process();
        List<Guid> ids = [];
        for (int i = 0; i < 7; i++)
        {
            ids.Add((await process.Queue.EnqueueAsync(JobsFixture.Request(), Token)).JobId);
        }

        await process.Queue.EnqueueAsync(JobsFixture.Request() with { Tenant = new TenantId(2) }, Token);
        await process.Directory.CancelAsync(TenantId.Default, ids[3], Token);
        List<Guid> listed = [];
        IReadOnlyList<JobInfo> page;
        do
        {
            page = await process.Directory.ListAsync(
                TenantId.Default,
                new JobFilter { Type = JobsFixture.Type, Limit = 2, Before = listed.Count == 0 ? null : listed[^1] },
                Token);
            listed.AddRange(page.Select(job => job.Id));
        }
        while (page.Count > 0);

        // Ids of one millisecond have no order among themselves but their own.
        Assert.Equal(ids.OrderByDescending(id => id.ToString()), listed);
        JobInfo cancelled = Assert.Single(
            await process.Directory.ListAsync(TenantId.Default, new JobFilter { States = [JobState.Cancelled, JobState.Dead] }, Token));
        Assert.Equal(ids[3], cancelled.Id);
        Assert.Equal(6, (await process.Directory.ListAsync(TenantId.Default, new JobFilter { States = [JobState.Queued] }, Token)).Count);
    }

    [Fact]
    public async Task RetryAll_DeadJobs_StartsThemAfresh()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JobsProcess process = fixture.Process(JobsFixture.TypeOptions with { FailuresMax = 1 });
        bool isMended = false;
        process.Handler.Body = (_, _) => Task.FromResult(isMended ? JobOutcome.Done : JobOutcome.Failed("no"));
        await process.StartAsync();
        await process.Queue.EnqueueManyAsync([.. Enumerable.Range(0, 20).Select(_ => JobsFixture.Request())], Token);
        await JobsFixture.UntilAsync(async () => await fixture.CountAsync("jobs_history where state = 11") == 20);
        Assert.Equal(20, Assert.Single(await process.Directory.QueuesAsync(TenantId.Default, Token)).Dead);
        isMended = true;

        Assert.Equal(0, await process.Directory.RetryAllAsync(new TenantId(2), JobsFixture.Type, 100, Token));
        Assert.Equal(15, await process.Directory.RetryAllAsync(TenantId.Default, JobsFixture.Type, 15, Token));
        Assert.Equal(5, await process.Directory.RetryAllAsync(TenantId.Default, JobsFixture.Type, 15, Token));
        await JobsFixture.UntilAsync(async () => await fixture.CountAsync("jobs_history where state = 10") == 20);
        Assert.Equal(20, await fixture.CountAsync("jobs_history"));
    }

    [Fact]
    public async Task Step_MemoryOverItsLimit_ClaimsNothingUntilItIsFree()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        double load = 0.95;
        JobsProcess process = fixture.Process(register: services => services.AddSingleton(provider => new MemoryGate(
            provider.GetRequiredService<IOptions<JobsOptions>>(),
            provider.GetRequiredService<JobsMetrics>(),
            NullLogger<MemoryGate>.Instance,
            () => load)));
        await process.Queue.EnqueueAsync(JobsFixture.Request(), Token);
        await process.Get<WorkerLease>().BeatAsync(Token);
        Dispatcher dispatcher = process.Get<Dispatcher>();

        Assert.False(await dispatcher.StepAsync(Token));
        load = 0.88;
        Assert.False(await dispatcher.StepAsync(Token));
        load = 0.8;
        Assert.True(await dispatcher.StepAsync(Token));
        await JobsFixture.UntilAsync(() => Task.FromResult(process.Get<JobRunner>().Count == 0));
    }

    [Fact]
    public async Task Sweep_OldHistoryAndKeys_AreRemoved()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        TestTimeProvider time = new();
        JobsProcess process = fixture.Process(time: time, configure: options => options.DeleteBatchMax = 2);
        JobRetention retention = process.Get<JobRetention>();
        await retention.PrepareAsync(Token);
        for (int day = 0; day < 20; day++)
        {
            Guid job = (await process.Queue.EnqueueAsync(
                JobsFixture.Request() with { IdempotencyKey = $"day{day}" }, Token)).JobId;
            await process.Directory.CancelAsync(TenantId.Default, job, Token);
            // Jobs end even where no partition was made for the day.
            time.Advance(TimeSpan.FromDays(1));
        }

        Guid living = (await process.Queue.EnqueueAsync(JobsFixture.Request() with { IdempotencyKey = "living" }, Token)).JobId;
        await retention.SweepAsync(Token);
        // Fourteen days are kept; on PostgreSQL a day goes as a whole.
        Assert.InRange(await fixture.CountAsync("jobs_history"), 14, 15);
        Assert.Equal(8, await fixture.CountAsync("jobs_keys"));
        time.Advance(TimeSpan.FromDays(30));
        await retention.SweepAsync(Token);
        Assert.Equal(0, await fixture.CountAsync("jobs_history"));
        Assert.Equal(1, await fixture.CountAsync("jobs_keys"));
        Assert.Equal(JobState.Queued, (await process.Directory.GetAsync(TenantId.Default, living, Token))!.State);
    }

    private static async Task<Guid[]> ClaimAsync(JobsProcess process)
    {
        Guid worker = Guid.CreateVersion7();
        return await process.Database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(
                    "insert into jobs_workers (id, name, beat, started_at, seen_at, running, capacity) "
                        + "values (@worker, 'x', 7, 0, 0, 0, 0)",
                    new { worker });
                return (await process.Get<IJobStore>().ClaimAsync(session, [new ClaimWish(JobsFixture.Type, 10)], worker, 1))
                    .Select(job => job.Id).ToArray();
            },
            Token);
    }
}
