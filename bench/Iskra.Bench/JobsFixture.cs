using Iskra.Platform.Data;
using Iskra.Platform.Events;
using Iskra.Platform.Hosting;
using Iskra.Platform.Jobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Iskra.Bench;

/// <summary>A process's job services over a durable store, with a handler that does nothing but count.</summary>
internal sealed class JobsFixture : IAsyncDisposable
{
    public const string Type = "bench.noop";

    private readonly Database _database;
    private readonly ServiceProvider _services;

    private JobsFixture(Database database, ServiceProvider services, NoopJob handler)
    {
        _database = database;
        _services = services;
        Handler = handler;
    }

    public NoopJob Handler { get; }

    public Database Database => _database;

    public JobQueue Queue => _services.GetRequiredService<JobQueue>();

    public static async Task<JobsFixture> OpenAsync(string folder, string? postgres, int workers)
    {
        DataOptions options = new() { Folder = folder, Database = postgres };
        Database database = await Database.OpenAsync(options, [], StoreAccess.Exclusive);
        NoopJob handler = new();
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton(_ => database);
        IConfiguration configuration = new ConfigurationBuilder().Build();
        services.AddIskraEvents(configuration);
        services.AddIskraJobs(configuration);
        services.AddSingleton(handler);
        services.AddJobType<NoopJob>(new JobTypeOptions { Name = Type, WorkersMin = workers, WorkersMax = workers });
        return new JobsFixture(database, services.BuildServiceProvider(), handler);
    }

    public static JobRequest Request(string payload = "1") => new() { Type = Type, Payload = payload };

    public async Task StartAsync()
    {
        foreach (IHostedService service in _services.GetServices<IHostedService>())
        {
            await service.StartAsync(CancellationToken.None);
        }
    }

    public async Task StopAsync()
    {
        foreach (IHostedService service in _services.GetServices<IHostedService>())
        {
            await service.StopAsync(CancellationToken.None);
        }
    }

    public Task<long> CountAsync(string from) =>
        _database.ReadAsync(session => session.ScalarAsync<long>($"select count(*) from {from}"));

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _database.DisposeAsync();
    }
}
