using Iskra.Platform.Data;
using Iskra.Platform.Jobs;
using Iskra.Platform.Tenancy;
using Xunit;

namespace Iskra.Platform.Tests.Jobs;

public abstract class JobQueueTests(DatabaseEngine engine)
{
    [Fact]
    public async Task Enqueue_WithHandler_RunsAndKeepsItsResult()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JobsProcess process = fixture.Process();
        process.Handler.Body = (context, _) => Task.FromResult(JobOutcome.WithResult($"{{\"got\":{context.Payload}}}"));
        await process.StartAsync();

        EnqueueResult result = await process.Queue.EnqueueAsync(JobsFixture.Request("[1]"), TestContext.Current.CancellationToken);
        JobInfo job = await JobsFixture.WaitAsync(process, result.JobId, JobState.Done);

        Assert.Equal(EnqueueStatus.Created, result.Status);
        Assert.Equal("""{"got":[1]}""", job.Result);
        Assert.Equal(1, job.Attempt);
        Assert.Equal(0, await fixture.CountAsync("jobs"));
    }

    [Fact]
    public async Task Enqueue_InTransactionThatFails_StoresNothing()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JobsProcess process = fixture.Process();
        await Assert.ThrowsAsync<InvalidOperationException>(() => fixture.Database.WriteAsync(
            async session =>
            {
                await process.Queue.EnqueueAsync(session, JobsFixture.Request());
                throw new InvalidOperationException("rolled back");
            },
            TestContext.Current.CancellationToken));

        Assert.Equal(0, await fixture.CountAsync("jobs"));
    }

    [Fact]
    public async Task Enqueue_InTransaction_RunsAfterTheCommit()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JobsProcess process = await fixture.Process().StartAsync();
        EnqueueResult result = await fixture.Database.WriteAsync(
            session => process.Queue.EnqueueAsync(session, JobsFixture.Request()), TestContext.Current.CancellationToken);

        JobInfo job = await JobsFixture.WaitAsync(process, result.JobId, JobState.Done);
        Assert.Equal(result.JobId, job.Id);
    }

    [Fact]
    public async Task Enqueue_SessionThatReads_IsRefused()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JobsProcess process = fixture.Process();
        await Assert.ThrowsAsync<InvalidOperationException>(() => fixture.Database.ReadAsync(
            session => process.Queue.EnqueueAsync(session, JobsFixture.Request()), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Enqueue_ManyCallers_EachJobIsStoredOnceAndDone()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JobsProcess process = await fixture.Process().StartAsync();
        EnqueueResult[] results = await Task.WhenAll(Enumerable.Range(0, 500).Select(
            number => process.Queue.EnqueueAsync(JobsFixture.Request($"{number}"), TestContext.Current.CancellationToken)));

        Assert.Equal(500, results.Select(result => result.JobId).Distinct().Count());
        await JobsFixture.UntilAsync(async () => await fixture.CountAsync("jobs_history where state = 10 and attempt = 1") == 500);
        Assert.Equal(0, await fixture.CountAsync("jobs"));
    }

    [Fact]
    public async Task Enqueue_SameKey_AnswersTheFirstJob()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JobsProcess process = fixture.Process();
        JobRequest request = JobsFixture.Request("""{"a":1}""") with { IdempotencyKey = "k" };
        EnqueueResult first = await process.Queue.EnqueueAsync(request, TestContext.Current.CancellationToken);
        EnqueueResult same = await process.Queue.EnqueueAsync(request, TestContext.Current.CancellationToken);
        EnqueueResult other = await process.Queue.EnqueueAsync(
            request with { Payload = """{"a":2}""" }, TestContext.Current.CancellationToken);
        EnqueueResult tenant = await process.Queue.EnqueueAsync(
            request with { Tenant = new TenantId(2) }, TestContext.Current.CancellationToken);

        Assert.Equal(new EnqueueResult(EnqueueStatus.Exists, first.JobId), same);
        Assert.Equal(new EnqueueResult(EnqueueStatus.ExistsWithOtherPayload, first.JobId), other);
        Assert.Equal(EnqueueStatus.Created, tenant.Status);
        Assert.Equal(2, await fixture.CountAsync("jobs"));
    }

    [Fact]
    public async Task Enqueue_SameKeyAtOnceAndInABatch_StoresOneJob()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JobsProcess process = fixture.Process();
        JobRequest request = JobsFixture.Request() with { IdempotencyKey = "k" };
        EnqueueResult[] single = await Task.WhenAll(Enumerable.Range(0, 50).Select(
            _ => process.Queue.EnqueueAsync(request, TestContext.Current.CancellationToken)));
        IReadOnlyList<EnqueueResult> batch = await process.Queue.EnqueueManyAsync(
            [request, JobsFixture.Request(), request], TestContext.Current.CancellationToken);

        Assert.Single(single, result => result.Status == EnqueueStatus.Created);
        Assert.Equal((EnqueueStatus[])[EnqueueStatus.Exists, EnqueueStatus.Created, EnqueueStatus.Exists], batch.Select(r => r.Status));
        Assert.Single(single.Select(result => result.JobId).Distinct());
        Assert.Equal(2, await fixture.CountAsync("jobs"));
    }

    [Theory]
    [InlineData("test.unknown", "{}", 0, null, EnqueueStatus.UnknownType)]
    [InlineData(JobsFixture.Type, "{", 0, null, EnqueueStatus.PayloadNotJson)]
    [InlineData(JobsFixture.Type, "", 0, null, EnqueueStatus.PayloadNotJson)]
    [InlineData(JobsFixture.Type, "\"0123456789\"", 0, null, EnqueueStatus.PayloadTooLarge)]
    [InlineData(JobsFixture.Type, "{}", 11, null, EnqueueStatus.BadPriority)]
    [InlineData(JobsFixture.Type, "{}", 0, "", EnqueueStatus.BadIdempotencyKey)]
    [InlineData(JobsFixture.Type, "{}", 0, "a\0b", EnqueueStatus.BadIdempotencyKey)]
    public async Task Enqueue_BadRequest_SaysWhatIsWrong(string type, string payload, int priority, string? key, EnqueueStatus expected)
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JobsProcess process = fixture.Process(configure: options => options.PayloadLengthMax = 10);
        JobRequest request = new() { Type = type, Payload = payload, Priority = priority, IdempotencyKey = key };

        EnqueueResult result = await process.Queue.EnqueueAsync(request, TestContext.Current.CancellationToken);
        IReadOnlyList<EnqueueResult> batch = await process.Queue.EnqueueManyAsync(
            [request, JobsFixture.Request()], TestContext.Current.CancellationToken);

        Assert.Equal(new EnqueueResult(expected, Guid.Empty), result);
        Assert.Equal((EnqueueStatus[])[expected, EnqueueStatus.Created], batch.Select(item => item.Status));
        Assert.Equal(1, await fixture.CountAsync("jobs"));
    }

    [Fact]
    public async Task Enqueue_HalfASurrogatePair_IsNoJson()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JobRequest request = JobsFixture.Request($"\"{(char)0xD800}\"");
        EnqueueResult result = await fixture.Process().Queue.EnqueueAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(EnqueueStatus.PayloadNotJson, result.Status);
    }

    [Fact]
    public async Task Run_FailingHandler_RetriesAndThenSucceeds()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JobsProcess process = fixture.Process();
        process.Handler.Body = (context, _) =>
            context.Failures < 2 ? throw new FormatException("broken input") : Task.FromResult(JobOutcome.Done);
        await process.StartAsync();
        EnqueueResult result = await process.Queue.EnqueueAsync(JobsFixture.Request(), TestContext.Current.CancellationToken);

        JobInfo job = await JobsFixture.WaitAsync(process, result.JobId, JobState.Done);
        Assert.Equal((3, 2), (job.Attempt, job.Failures));
        Assert.Equal("FormatException: broken input", job.Error);
    }

    [Fact]
    public async Task Run_FailingForEver_IsDeadAndCanBeRetriedByHand()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JobsProcess process = fixture.Process(JobsFixture.TypeOptions with { FailuresMax = 3 });
        bool isMended = false;
        process.Handler.Body = (_, _) => Task.FromResult(isMended ? JobOutcome.Done : JobOutcome.Failed("still broken"));
        await process.StartAsync();
        EnqueueResult result = await process.Queue.EnqueueAsync(JobsFixture.Request(), TestContext.Current.CancellationToken);

        JobInfo dead = await JobsFixture.WaitAsync(process, result.JobId, JobState.Dead);
        Assert.Equal((3, "still broken"), (dead.Failures, dead.Error));
        isMended = true;
        Assert.Equal(
            JobCommandStatus.Done,
            await process.Directory.RetryAsync(TenantId.Default, result.JobId, TestContext.Current.CancellationToken));
        JobInfo done = await JobsFixture.WaitAsync(process, result.JobId, JobState.Done);
        Assert.Equal((4, 0), (done.Attempt, done.Failures));
    }

    [Fact]
    public async Task Run_FailedForGood_IsNotRetried()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JobsProcess process = fixture.Process();
        process.Handler.Body = (_, _) => Task.FromResult(JobOutcome.FailedForGood("no such card"));
        await process.StartAsync();
        EnqueueResult result = await process.Queue.EnqueueAsync(JobsFixture.Request(), TestContext.Current.CancellationToken);

        Assert.Equal(1, (await JobsFixture.WaitAsync(process, result.JobId, JobState.Dead)).Attempt);
    }

    [Fact]
    public async Task Run_MoreJobsThanWorkers_ClaimsOnlyWhatCanStart()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JobsProcess process = fixture.Process(JobsFixture.TypeOptions with { WorkersMin = 3, WorkersMax = 3 });
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        process.Handler.Body = async (_, _) =>
        {
            await gate.Task;
            return JobOutcome.Done;
        };
        await process.StartAsync();
        await process.Queue.EnqueueManyAsync(
            [.. Enumerable.Range(0, 10).Select(_ => JobsFixture.Request())], TestContext.Current.CancellationToken);
        await JobsFixture.UntilAsync(() => Task.FromResult(process.Handler.Running == 3));

        Assert.Equal((3L, 7L), (await fixture.CountAsync("jobs where state = 3"), await fixture.CountAsync("jobs where state = 2")));
        gate.SetResult();
        await JobsFixture.UntilAsync(async () => await fixture.CountAsync("jobs_history") == 10);
        Assert.Equal(3, process.Handler.RunningMost);
    }

    [Fact]
    public async Task Run_NotBefore_WaitsForItsInstant()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JobsProcess process = await fixture.Process().StartAsync();
        EnqueueResult later = await process.Queue.EnqueueAsync(
            JobsFixture.Request() with { NotBefore = TimeProvider.System.GetUtcNow().AddHours(1) }, TestContext.Current.CancellationToken);
        EnqueueResult soon = await process.Queue.EnqueueAsync(
            JobsFixture.Request() with { NotBefore = TimeProvider.System.GetUtcNow().AddMilliseconds(50) },
            TestContext.Current.CancellationToken);

        JobInfo done = await JobsFixture.WaitAsync(process, soon.JobId, JobState.Done);
        Assert.True(done.StartedAt >= done.ReadyAt);
        Assert.Equal(
            JobState.Scheduled,
            (await process.Directory.GetAsync(TenantId.Default, later.JobId, TestContext.Current.CancellationToken))!.State);
    }
}
