using Iskra.Platform.Audit;
using Iskra.Platform.Data;
using Iskra.Platform.Encryption;
using Iskra.Platform.Hosting;
using Iskra.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Platform.Tests.Encryption;

/// <summary>
/// A store with keys and an audit trail on either engine, and a clock that stands still. It may be opened many times, as processes one
/// after another (or beside each other, on PostgreSQL) would.
/// </summary>
internal sealed class TestKeys : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly List<IAsyncDisposable> _open = [];
    private PostgresDatabase? _postgres;

    public DatabaseEngine Engine { get; private init; }

    public TestTimeProvider Time { get; } = new();

    /// <summary>Change them before opening.</summary>
    public DataOptions Data { get; } = new();

    public Dictionary<string, string?> Settings { get; } = [];

    public string KeyFolder => Path.Combine(Data.Folder, "keys");

    public string this[string name] => _folder[name];

    public static async Task<TestKeys> CreateAsync(DatabaseEngine engine)
    {
        TestKeys keys = new() { Engine = engine };
        keys.Data.Folder = keys._folder["data"];
        if (engine == DatabaseEngine.Postgres)
        {
            Requirement.Postgres();
            keys._postgres = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
            keys.Data.Database = keys._postgres.ConnectionString;
        }

        return keys;
    }

    /// <summary>Another empty database on the same server, dropped at the end.</summary>
    public async Task<string> AddPostgresAsync()
    {
        PostgresDatabase database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        _open.Insert(0, database);
        return database.ConnectionString;
    }

    /// <summary>One process's services, closed by <see cref="CloseAsync"/> or at the end.</summary>
    public async Task<ServiceProvider> OpenAsync(StoreAccess access = StoreAccess.Exclusive)
    {
        Database database = await Database.OpenAsync(Data, [], access, Time);
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton(database);
        services.AddSingleton(Microsoft.Extensions.Options.Options.Create(Data));
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(Settings).Build();
        services.AddIskraEncryption(configuration);
        services.AddIskraAudit(configuration);
        ServiceProvider provider = services.BuildServiceProvider();
        _open.Add(provider);
        _open.Add(database);
        return provider;
    }

    public async Task CloseAsync()
    {
        foreach (IAsyncDisposable open in _open.Where(open => open is not PostgresDatabase).ToArray())
        {
            await open.DisposeAsync();
            _open.Remove(open);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        foreach (IAsyncDisposable open in _open)
        {
            await open.DisposeAsync();
        }

        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }

        _folder.Dispose();
    }
}
