using Iskra.Platform.Data;
using Iskra.Platform.Events;
using Iskra.Platform.Jobs;
using Iskra.Platform.Jobs.Running;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Tests.Jobs;

/// <summary>Stands for one process: its own services over a store that others may share.</summary>
internal sealed class JobsProcess : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private bool _isStarted;

    public JobsProcess(
        Database database,
        IReadOnlyList<JobTypeOptions> types,
        TimeProvider? time,
        Action<JobsOptions>? configure,
        Action<IServiceCollection>? register)
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton(_ => database);
        IConfiguration configuration = new ConfigurationBuilder().Build();
        if (time is not null)
        {
            services.AddSingleton(time);
        }

        services.AddIskraEvents(configuration);
        services.AddIskraJobs(configuration);
        services.Configure<JobsOptions>(options =>
        {
            options.PollInterval = TimeSpan.FromMilliseconds(50);
            options.SweepInterval = TimeSpan.FromMilliseconds(50);
            options.ProgressInterval = TimeSpan.FromMilliseconds(20);
            options.BackoffFirst = TimeSpan.FromMilliseconds(5);
            options.BackoffMax = TimeSpan.FromMilliseconds(50);
            options.DrainTimeout = TimeSpan.FromSeconds(2);
            options.UsesDatabaseClock = time is null;
            configure?.Invoke(options);
        });
        services.AddSingleton(Handler);
        services.AddSingleton(new FallbackJob(Fallback));
        foreach (JobTypeOptions type in types)
        {
            services.AddSingleton(new JobType(
                type,
                provider => provider.GetRequiredService<TestJob>(),
                provider => provider.GetRequiredService<FallbackJob>()));
        }

        register?.Invoke(services);
        _services = services.BuildServiceProvider();
        Database = database;
    }

    public Database Database { get; }

    public TestJob Handler { get; } = new();

    public TestJob Fallback { get; } = new();

    public JobQueue Queue => Get<JobQueue>();

    public JobDirectory Directory => Get<JobDirectory>();

    public JobsOptions Options => Get<IOptions<JobsOptions>>().Value;

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public JobWorker Worker => _services.GetServices<IHostedService>().OfType<JobWorker>().Single();

    public async Task<JobsProcess> StartAsync()
    {
        await Worker.StartAsync(CancellationToken.None);
        _isStarted = true;
        return this;
    }

    public async Task StopAsync()
    {
        if (_isStarted)
        {
            _isStarted = false;
            await Worker.StopAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _services.DisposeAsync();
    }

    private sealed class FallbackJob(TestJob job) : IJobHandler
    {
        public Task<JobOutcome> RunAsync(JobContext context, CancellationToken cancellationToken) =>
            job.RunAsync(context, cancellationToken);
    }
}
