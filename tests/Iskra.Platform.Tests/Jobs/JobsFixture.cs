using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Iskra.Platform.Jobs;
using Iskra.Platform.Tenancy;
using Iskra.Platform.Tests.Data;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Iskra.Platform.Tests.Jobs;

/// <summary>An empty store of either engine and the processes of one test on it.</summary>
internal sealed class JobsFixture : IAsyncDisposable
{
    public const string Type = "test.work";

    private readonly TestStore _store;
    private readonly List<JobsProcess> _processes = [];

    private JobsFixture(TestStore store, Database database)
    {
        _store = store;
        Database = database;
    }

    public Database Database { get; private set; }

    public DataOptions DataOptions => _store.Options;

    public static JobTypeOptions TypeOptions { get; } = new()
    {
        Name = Type,
        WorkersMin = 4,
        WorkersMax = 4,
        BackoffFirst = TimeSpan.FromMilliseconds(1),
        BackoffMax = TimeSpan.FromMilliseconds(10),
    };

    public static async Task<JobsFixture> OpenAsync(DatabaseEngine engine)
    {
        TestStore store = await TestStore.CreateAsync(engine);
        return new JobsFixture(store, await Database.OpenAsync(store.Options, [], StoreAccess.Exclusive));
    }

    /// <summary>A process that has not started its workers.</summary>
    public JobsProcess Process(
        JobTypeOptions? type = null,
        TimeProvider? time = null,
        Action<JobsOptions>? configure = null,
        Action<IServiceCollection>? register = null)
    {
        JobsProcess process = new(Database, [type ?? TypeOptions], time, configure, register);
        _processes.Add(process);
        return process;
    }

    public static JobRequest Request(string payload = "{}") => new() { Type = Type, Payload = payload };

    /// <summary>Waits until a job is as it should be; fails when that takes too long.</summary>
    public static async Task<JobInfo> WaitAsync(JobsProcess process, Guid jobId, Func<JobInfo, bool> isAsWanted)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        JobInfo? job = null;
        while (!limit.IsCancellationRequested)
        {
            job = await process.Directory.GetAsync(TenantId.Default, jobId, CancellationToken.None);
            if (job is not null && isAsWanted(job))
            {
                return job;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), CancellationToken.None);
        }

        Assert.Fail($"The job is {job?.State.ToString() ?? "missing"}: attempt {job?.Attempt}, {job?.Error}");
        throw new InvalidOperationException();
    }

    public static Task<JobInfo> WaitAsync(JobsProcess process, Guid jobId, JobState state) =>
        WaitAsync(process, jobId, job => job.State == state);

    /// <summary>Polls until the condition holds; fails when that takes too long.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            Assert.False(limit.IsCancellationRequested, "The condition did not come true.");
            await Task.Delay(TimeSpan.FromMilliseconds(5), CancellationToken.None);
        }
    }

    public Task<long> CountAsync(string from) =>
        Database.ReadAsync(session => session.ScalarAsync<long>($"select count(*) from {from}"));

    public async ValueTask DisposeAsync()
    {
        foreach (JobsProcess process in _processes)
        {
            await process.DisposeAsync();
        }

        await Database.DisposeAsync();
        await _store.DisposeAsync();
    }
}
