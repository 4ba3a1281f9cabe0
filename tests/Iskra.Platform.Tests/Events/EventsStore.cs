using System.Globalization;
using Iskra.Platform.Data;
using Iskra.Platform.Events;
using Iskra.Platform.Hosting;
using Iskra.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Iskra.Platform.Tests.Events;

/// <summary>An empty store of either engine, and processes that deliver from it: a second one is a restart, or a replica.</summary>
internal sealed class EventsStore : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly PostgresDatabase? _server;
    private readonly List<ServiceProvider> _created = [];
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

    /// <summary>Settings of section Events for all processes that are made from now on.</summary>
    public Dictionary<string, string?> Settings { get; } = new(StringComparer.Ordinal)
    {
        ["PollInterval"] = "00:00:00.050",
        ["BackoffFirst"] = "00:00:00.001",
        ["BackoffMax"] = "00:00:00.010",
        ["BrokerBackoffMax"] = "00:00:00.100",
        ["LeaseDuration"] = "00:00:10",
        ["BrokerConfirmTimeout"] = "00:00:02",
        ["BrokerOperationTimeout"] = "00:00:02",
    };

    public static async Task<EventsStore> OpenAsync(DatabaseEngine engine)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("iskra-events-");
        PostgresDatabase? server = null;
        if (engine == DatabaseEngine.Postgres)
        {
            Requirement.Postgres();
            server = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        }

        DataOptions options = new() { Folder = folder.FullName, Database = server?.ConnectionString };
        return new EventsStore(await Database.OpenAsync(options, [], StoreAccess.Exclusive), folder, server);
    }

    public ServiceProvider CreateProcess(IEnumerable<IEventSubscriber> subscribers, params (string Key, string Value)[] settings)
    {
        Dictionary<string, string?> values = Settings.ToDictionary(pair => $"Events:{pair.Key}", pair => pair.Value);
        foreach ((string key, string value) in settings)
        {
            values[$"Events:{key}"] = value;
        }

        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton(Database);
        services.AddIskraEvents(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        foreach (IEventSubscriber subscriber in subscribers)
        {
            services.AddSingleton(subscriber);
        }

        ServiceProvider process = services.BuildServiceProvider();
        _created.Add(process);
        return process;
    }

    public async Task<ServiceProvider> StartAsync(params IEventSubscriber[] subscribers)
    {
        ServiceProvider process = CreateProcess(subscribers);
        foreach (IHostedService service in Services(process))
        {
            await service.StartAsync(CancellationToken.None);
        }

        _started.Add(process);
        return process;
    }

    public static async Task StopAsync(ServiceProvider process)
    {
        foreach (IHostedService service in Services(process))
        {
            await service.StopAsync(CancellationToken.None);
        }

        await process.GetRequiredService<BrokerConnection>().DisposeAsync();
    }

    public Task AppendAsync(ServiceProvider process, string type, params int[] numbers) =>
        AppendKeyAsync(process, type, "key", numbers);

    /// <summary>One transaction with an event per number.</summary>
    public Task AppendKeyAsync(ServiceProvider process, string type, string key, params int[] numbers)
    {
        OutboxWriter outbox = process.GetRequiredService<OutboxWriter>();
        return Database.WriteAsync(async session =>
        {
            foreach (int number in numbers)
            {
                string payload = string.Create(CultureInfo.InvariantCulture, $$"""{"n":{{number}}}""");
                await outbox.AppendAsync(session, new DomainEvent(type, 1, key, payload));
            }
        });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ServiceProvider process in _started)
        {
            await StopAsync(process);
        }

        foreach (ServiceProvider process in _created)
        {
            await process.DisposeAsync();
        }

        await Database.DisposeAsync();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    private static IEnumerable<IHostedService> Services(ServiceProvider process) =>
        process.GetServices<IHostedService>().Where(service => service is EventDispatcher or OutboxPublisher);
}
