using Iskra.Platform.Data;
using Iskra.Platform.Events;
using Iskra.Platform.Hosting;
using Iskra.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Iskra.Platform.Tests.Events;

/// <summary>An empty store of either engine, and processes that deliver from it: starting a second one is a restart.</summary>
internal sealed class EventsStore : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly PostgresDatabase? _server;
    private readonly List<ServiceProvider> _started = [];

    private EventsStore(Database database, DirectoryInfo folder, PostgresDatabase? server)
    {
        Database = database;
        _folder = folder;
        _server = server;
    }

    public Database Database { get; }

    /// <summary>For a connection beside the store; null on SQLite.</summary>
    public string? ConnectionString => _server?.ConnectionString;

    public static async Task<EventsStore> OpenAsync(DatabaseEngine engine)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("iskra-events-");
        PostgresDatabase? server = engine == DatabaseEngine.Postgres ? await CreateDatabaseAsync() : null;
        DataOptions options = new() { Folder = folder.FullName, Database = server?.ConnectionString };
        return new EventsStore(await Database.OpenAsync(options, [], StoreAccess.Exclusive), folder, server);
    }

    public ServiceProvider CreateProcess(IEnumerable<IEventSubscriber> subscribers, params (string Key, string Value)[] settings)
    {
        Dictionary<string, string?> values = new() { ["Events:PollInterval"] = "00:00:00.050", ["Events:BackoffFirst"] = "00:00:00.001" };
        foreach ((string key, string value) in settings)
        {
            values[$"Events:{key}"] = value;
        }

        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton(_ => Database);
        services.AddIskraEvents(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        foreach (IEventSubscriber subscriber in subscribers)
        {
            services.AddSingleton(subscriber);
        }

        return services.BuildServiceProvider();
    }

    public async Task<ServiceProvider> StartAsync(params IEventSubscriber[] subscribers)
    {
        ServiceProvider process = CreateProcess(subscribers);
        await process.GetServices<IHostedService>().OfType<EventDispatcher>().Single().StartAsync(CancellationToken.None);
        _started.Add(process);
        return process;
    }

    public static Task StopAsync(ServiceProvider process) =>
        process.GetServices<IHostedService>().OfType<EventDispatcher>().Single().StopAsync(CancellationToken.None);

    public async Task AppendAsync(ServiceProvider process, string type, params int[] numbers)
    {
        OutboxWriter outbox = process.GetRequiredService<OutboxWriter>();
        await Database.WriteAsync(async session =>
        {
            foreach (int number in numbers)
            {
                await outbox.AppendAsync(session, new DomainEvent(type, 1, "key", $$"""{"n":{{number}}}"""));
            }
        });
        outbox.NotifyCommitted();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ServiceProvider process in _started)
        {
            await StopAsync(process);
        }

        await Database.DisposeAsync();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    private static async Task<PostgresDatabase> CreateDatabaseAsync()
    {
        Requirement.Postgres();
        // The outbox's horizon is the server's: a transaction in any other database would hold events back.
        PostgresServer server = await PostgresServer.QuietAsync();
        return await server.CreateDatabaseAsync();
    }
}
