using Iskra.Platform.Data;
using Iskra.Platform.Events;
using Iskra.Platform.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Iskra.Bench;

/// <summary>A store, and the outbox with its delivery on it.</summary>
internal sealed class EventsFixture : IAsyncDisposable
{
    private readonly Database _database;
    private readonly ServiceProvider _services;
    private readonly OutboxWriter _outbox;
    private bool _isRunning;

    private EventsFixture(Database database, ServiceProvider services)
    {
        _database = database;
        _services = services;
        _outbox = services.GetRequiredService<OutboxWriter>();
    }

    public static async Task<EventsFixture> OpenAsync(string folder, string? connection, Uri? broker, IEventSubscriber subscriber)
    {
        Database database = await Database.OpenAsync(
            new DataOptions { Folder = folder, Database = connection }, [], StoreAccess.Exclusive);
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton(database);
        Dictionary<string, string?> settings = new()
        {
            ["Events:Broker"] = broker?.ToString(),
            ["Events:BrokerPrefix"] = $"bench-{Guid.CreateVersion7():N}",
            ["Events:BatchMax"] = "1000",
        };
        services.AddIskraEvents(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddSingleton(subscriber);
        EventsFixture fixture = new(database, services.BuildServiceProvider());
        await fixture._services.GetRequiredService<CursorStore>().OpenAsync(subscriber.Name, EventStart.End, CancellationToken.None);
        await fixture._services.GetRequiredService<CursorStore>().OpenAsync(CursorStore.Publisher, EventStart.End, CancellationToken.None);
        return fixture;
    }

    public async Task StartAsync()
    {
        _isRunning = true;
        foreach (IHostedService service in _services.GetServices<IHostedService>())
        {
            await service.StartAsync(CancellationToken.None);
        }
    }

    /// <summary>One transaction with so many events.</summary>
    public Task AppendAsync(int key, int events) => _database.WriteAsync(async session =>
    {
        for (int i = 0; i < events; i++)
        {
            await _outbox.AppendAsync(session, new DomainEvent(EventsScenario.EventType, 1, $"key-{key}", EventsScenario.Payload));
        }
    });

    public async ValueTask DisposeAsync()
    {
        if (_isRunning)
        {
            foreach (IHostedService service in _services.GetServices<IHostedService>())
            {
                await service.StopAsync(CancellationToken.None);
            }
        }

        await _services.DisposeAsync();
        await _database.DisposeAsync();
    }
}
