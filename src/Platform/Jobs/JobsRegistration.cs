using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Iskra.Platform.Jobs.Running;
using Iskra.Platform.Jobs.Schedules;
using Iskra.Platform.Jobs.Storage;
using Iskra.Platform.Telemetry.Scrubbing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Jobs;

/// <summary>Registers the queue, its workers and types of jobs.</summary>
public static class JobsRegistration
{
    /// <summary>
    /// Registers <see cref="JobQueue"/>, <see cref="JobDirectory"/> and the background work that runs jobs. A program that doesn't start
    /// its hosted services only enqueues. Needs the data and the event services.
    /// </summary>
    public static IServiceCollection AddIskraJobs(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddValidatedOptions<JobsOptions>(configuration, JobsOptions.Section)
            .Validate(options => options.Lease >= options.HeartbeatInterval * 2, "Jobs:Lease: must be at least two heartbeats");
        services.TryAddSingleton(new JobErrors(text => Scrubber.Scrub(text)));
        services.AddSingleton<JobsMetrics>();
        services.AddSingleton<JobTypes>();
        services.AddSingleton<JobClock>();
        services.AddSingleton<JobSignal>();
        services.AddSingleton<JobAnnouncer>();
        services.AddSingleton<JobChanges>();
        services.AddSingleton<EnqueueBatcher>();
        services.AddSingleton<IJobStore>(provider => provider.GetRequiredService<Database>().Engine == DatabaseEngine.Postgres
            ? new PostgresJobStore()
            : new SqliteJobStore());
        services.AddSingleton(provider => new JobQueue(
            provider.GetRequiredService<Database>(),
            provider.GetRequiredService<IJobStore>(),
            provider.GetRequiredService<JobTypes>(),
            provider.GetRequiredService<EnqueueBatcher>(),
            provider.GetRequiredService<JobAnnouncer>(),
            provider.GetRequiredService<JobClock>(),
            provider.GetRequiredService<IOptions<JobsOptions>>(),
            provider.GetRequiredService<JobsMetrics>()));
        services.AddSingleton(provider => new JobDirectory(
            provider.GetRequiredService<Database>(),
            provider.GetRequiredService<JobTypes>(),
            provider.GetRequiredService<JobAnnouncer>(),
            provider.GetRequiredService<JobChanges>(),
            provider.GetRequiredService<JobClock>(),
            provider.GetRequiredService<IOptions<JobsOptions>>(),
            provider.GetRequiredService<JobsMetrics>()));
        services.AddSingleton(provider => new JobSchedules(
            provider.GetRequiredService<Database>(),
            provider.GetRequiredService<JobQueue>(),
            provider.GetRequiredService<JobTypes>(),
            provider.GetRequiredService<JobClock>(),
            provider.GetRequiredService<ILogger<JobSchedules>>(),
            provider.GetServices<JobSchedule>()));
        AddRunning(services);
        return services;
    }

    /// <summary>Registers a type of jobs and its handler, which is a singleton.</summary>
    public static IServiceCollection AddJobType<THandler>(this IServiceCollection services, JobTypeOptions options)
        where THandler : class, IJobHandler
    {
        services.TryAddSingleton<THandler>();
        return services.AddSingleton(new JobType(options, provider => provider.GetRequiredService<THandler>(), null));
    }

    /// <summary>Registers a type of jobs with a handler for what is over its maximum (<see cref="OverrunAction.Fallback"/>).</summary>
    public static IServiceCollection AddJobType<THandler, TFallback>(this IServiceCollection services, JobTypeOptions options)
        where THandler : class, IJobHandler
        where TFallback : class, IJobHandler
    {
        services.TryAddSingleton<THandler>();
        services.TryAddSingleton<TFallback>();
        return services.AddSingleton(new JobType(
            options, provider => provider.GetRequiredService<THandler>(), provider => provider.GetRequiredService<TFallback>()));
    }

    /// <summary>Declares a schedule; it is stored when the workers start, and replaces the stored one of its name.</summary>
    public static IServiceCollection AddJobSchedule(this IServiceCollection services, JobSchedule schedule) =>
        services.AddSingleton(schedule);

    private static void AddRunning(IServiceCollection services)
    {
        services.AddSingleton<JobEnding>();
        services.AddSingleton<CompletionBatcher>();
        services.AddSingleton<JobRunner>();
        services.AddSingleton<MemoryGate>();
        services.AddSingleton<WorkerLease>();
        services.AddSingleton<LeaseWatch>();
        services.AddSingleton<OverrunActions>();
        services.AddSingleton<JobAttention>();
        services.AddSingleton<Dispatcher>();
        services.AddSingleton<JobRetention>();
        services.AddSingleton<QueueMeter>();
        services.AddSingleton<PostgresJobListener>();
        services.AddSingleton<IHostedService, JobWorker>();
    }
}
