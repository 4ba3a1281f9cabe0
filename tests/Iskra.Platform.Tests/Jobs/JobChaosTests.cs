using System.Collections.Concurrent;
using Iskra.Platform.Data;
using Iskra.Platform.Jobs;
using Iskra.Platform.Jobs.Running;
using Iskra.Testing;
using Npgsql;
using Xunit;

namespace Iskra.Platform.Tests.Jobs;

public sealed class JobChaosTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<DatabaseEngine, int> Seeds { get; } = new()
    {
        { DatabaseEngine.Sqlite, 1 },
        { DatabaseEngine.Sqlite, 2 },
        { DatabaseEngine.Postgres, 1 },
        { DatabaseEngine.Postgres, 2 },
    };

    public static TheoryData<DatabaseEngine> Engines { get; } = [DatabaseEngine.Sqlite, DatabaseEngine.Postgres];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Run_RandomFailures_EachJobEndsOnceAndNeverRunsTwiceAtATime(DatabaseEngine engine, int seed)
    {
        const int Jobs = 300;
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        ConcurrentDictionary<Guid, int> running = [];
        int twice = 0;
        Random random = new(seed);
        async Task<JobOutcome> RunAsync(JobContext context, CancellationToken token)
        {
            twice += running.AddOrUpdate(context.JobId, 1, (_, count) => count + 1) > 1 ? 1 : 0;
            try
            {
                int luck = new Random(HashCode.Combine(seed, context.JobId, context.Failures)).Next(10);
                await Task.Delay(luck % 3, token);
                return luck switch
                {
                    0 => throw new InvalidOperationException("unlucky"),
                    1 => JobOutcome.Failed("unlucky too"),
                    2 => JobOutcome.FailedForGood("hopeless"),
                    3 => JobOutcome.WithResult("[3]"),
                    _ => JobOutcome.Done,
                };
            }
            finally
            {
                running.AddOrUpdate(context.JobId, 0, (_, count) => count - 1);
            }
        }

        List<JobsProcess> processes = [];
        for (int i = 0; i < 3; i++)
        {
            JobsProcess process = fixture.Process(JobsFixture.TypeOptions with { FailuresMax = 3, WorkersMin = 8, WorkersMax = 8 });
            process.Handler.Body = RunAsync;
            processes.Add(process);
            // On the embedded store a start takes over what ran before, as there can be one process only.
            if (engine == DatabaseEngine.Postgres || i == 0)
            {
                await process.StartAsync();
            }
        }

        List<Task<EnqueueResult>> answers = [];
        for (int i = 0; i < Jobs; i++)
        {
            answers.Add(processes[random.Next(3)].Queue.EnqueueAsync(
                JobsFixture.Request() with { Priority = random.Next(-10, 11) }, CancellationToken.None));
            if (engine == DatabaseEngine.Postgres && i % 100 == 50)
            {
                await KillBackendsAsync(fixture);
            }
        }

        HashSet<Guid> accepted = await AcceptedAsync(answers);
        await JobsFixture.UntilAsync(async () => await fixture.CountAsync("jobs") == 0 && await HasTodayAsync(fixture));

        Assert.Equal(0, twice);
        IReadOnlyList<Guid> ended = await EndedAsync(fixture);
        // What was not acknowledged may have been stored all the same; what was is there, each once.
        Assert.Equal(ended.Count, ended.Distinct().Count());
        Assert.Superset(accepted, ended.ToHashSet());
        Assert.InRange(ended.Count, accepted.Count, Jobs);
        Assert.Equal(ended.Count, await fixture.CountAsync("jobs_history"));
    }

    private static Task<IReadOnlyList<Guid>> EndedAsync(JobsFixture fixture) => fixture.Database.ReadAsync(
        session => session.QueryAsync<Guid>("select id from jobs_history where state in (10, 11)"), Token);

    // A statement that waits for today's partition to be attached misses the rows that move into it. On a killed connection the partition
    // comes late, so the test waits for it.
    private static async Task<bool> HasTodayAsync(JobsFixture fixture) => fixture.Database.Engine == DatabaseEngine.Sqlite
        || await fixture.CountAsync("pg_inherits where inhparent = 'jobs_history'::regclass") > 1;

    [Fact]
    public async Task Enqueue_StoreThatIsFull_FailsClearlyAndGoesOnWhenThereIsRoom()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(DatabaseEngine.Sqlite);
        JobsProcess process = fixture.Process();
        long pages = await fixture.Database.ReadAsync(session => session.ScalarAsync<long>("pragma page_count"), Token);
        // The engine's own limit stands for a full disk: the same error, at the same places.
        await fixture.Database.WriteAsync(session => session.ScalarAsync<long>($"pragma max_page_count = {pages + 20}"), Token);
        string payload = $"\"{new string('x', 5_000)}\"";
        List<Guid> acknowledged = [];
        Exception? failure = null;
        while (failure is null)
        {
            Assert.True(acknowledged.Count < 1_000, "The store was never full.");
            failure = await Record.ExceptionAsync(async () =>
                acknowledged.Add((await process.Queue.EnqueueAsync(JobsFixture.Request(payload), Token)).JobId));
        }

        Assert.Contains("full", failure.Message, StringComparison.Ordinal);
        Assert.Equal(acknowledged.Count, await fixture.CountAsync("jobs"));
        await fixture.Database.WriteAsync(session => session.ScalarAsync<long>("pragma max_page_count = 1000000"), Token);
        await process.StartAsync();
        acknowledged.Add((await process.Queue.EnqueueAsync(JobsFixture.Request(payload), Token)).JobId);
        await JobsFixture.UntilAsync(async () => await fixture.CountAsync("jobs_history where state = 10") == acknowledged.Count);
    }

    [Fact]
    public async Task Enqueue_InAnotherProcess_WakesByNotification()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(DatabaseEngine.Postgres);
        JobsProcess worker = fixture.Process(configure: options => options.PollInterval = TimeSpan.FromMinutes(1));
        await worker.StartAsync();
        await JobsFixture.UntilAsync(() => Task.FromResult(worker.Get<PostgresJobListener>().IsListening));
        // The first poll, and the one that the listener asks for, are over when a job of this process is done.
        Guid own = (await worker.Queue.EnqueueAsync(JobsFixture.Request(), Token)).JobId;
        await JobsFixture.WaitAsync(worker, own, JobState.Done);

        JobsProcess sender = fixture.Process();
        Guid job = (await sender.Queue.EnqueueAsync(JobsFixture.Request(), Token)).JobId;
        Assert.Equal(JobState.Done, (await JobsFixture.WaitAsync(sender, job, JobState.Done)).State);
    }

    [Fact]
    public async Task Run_ServerThatRestarts_GoesOnWithoutARestart()
    {
        Requirement.Postgres();
        await using PostgresServer server = await PostgresServer.StartAsync();
        PostgresDatabase postgres = await server.CreateDatabaseAsync();
        using TestFolder folder = new();
        await using Database database = await Database.OpenAsync(
            new DataOptions { Folder = folder.FullPath, Database = postgres.ConnectionString },
            [],
            Iskra.Platform.Hosting.StoreAccess.Exclusive,
            cancellationToken: Token);
        await using JobsProcess process = new(database, [JobsFixture.TypeOptions], null, null, null);
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        process.Handler.Body = async (_, _) =>
        {
            await gate.Task;
            return JobOutcome.Done;
        };
        await process.StartAsync();
        Guid before = (await process.Queue.EnqueueAsync(JobsFixture.Request(), Token)).JobId;
        await JobsFixture.UntilAsync(() => Task.FromResult(process.Handler.Running == 1));
        await server.RestartAsync();
        // It ends while the connections are broken; its completion is written when they are back.
        gate.SetResult();

        Assert.Equal(1, (await JobsFixture.WaitAsync(process, before, JobState.Done)).Attempt);
        Guid after = (await process.Queue.EnqueueAsync(JobsFixture.Request(), Token)).JobId;
        await JobsFixture.WaitAsync(process, after, JobState.Done);
        await JobsFixture.UntilAsync(() => Task.FromResult(process.Get<PostgresJobListener>().IsListening));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Kill_WorkerProcess_ItsJobsRunAgainElsewhere(DatabaseEngine engine)
    {
        const int Jobs = 10;
        using TestFolder folder = new();
        string connection = "-";
        PostgresDatabase? postgres = null;
        if (engine == DatabaseEngine.Postgres)
        {
            Requirement.Postgres();
            postgres = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
            connection = postgres.ConnectionString;
        }

        await using (JobWorkerProcess worker = await JobWorkerProcess.StartAsync(folder.FullPath, connection, Jobs))
        {
            await worker.KillAsync();
        }

        DataOptions data = new() { Folder = folder.FullPath, Database = postgres?.ConnectionString };
        await using Database database = await Database.OpenAsync(
            data, [], Iskra.Platform.Hosting.StoreAccess.Exclusive, cancellationToken: Token);
        await using JobsProcess process = new(
            database,
            [JobsFixture.TypeOptions with { WorkersMin = Jobs, WorkersMax = Jobs }],
            null,
            // A lease as long as it takes to see that it ends; LeaseTests show the default one.
            options => (options.HeartbeatInterval, options.Lease) = (TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1)),
            null);
        await process.StartAsync();
        await JobsFixture.UntilAsync(async () => await database.ReadAsync(
            session => session.ScalarAsync<long>(
                "select count(*) from jobs_history where state = 10 and attempt = 2 and crashes = 1")) == Jobs);
        Assert.Equal(Jobs, await database.ReadAsync(
            session => session.ScalarAsync<long>("select count(*) from jobs_history where failures = 0"), Token));
        await process.StopAsync();
        await database.DisposeAsync();
        await (postgres?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    /// <summary>The jobs whose callers have an answer. One whose connection was killed has none, and its job may be there or not.</summary>
    private static async Task<HashSet<Guid>> AcceptedAsync(IEnumerable<Task<EnqueueResult>> answers)
    {
        HashSet<Guid> accepted = [];
        foreach (Task<EnqueueResult> answer in answers)
        {
            await Record.ExceptionAsync(async () => accepted.Add((await answer).JobId));
        }

        return accepted;
    }

    private static async Task KillBackendsAsync(JobsFixture fixture)
    {
        await using NpgsqlConnection connection = new(fixture.DataOptions.Database);
        await connection.OpenAsync(Token);
        await using NpgsqlCommand command = new(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
            connection);
        await command.ExecuteNonQueryAsync(Token);
    }
}
