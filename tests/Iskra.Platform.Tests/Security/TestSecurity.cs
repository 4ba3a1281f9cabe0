using Iskra.Platform.Audit;
using Iskra.Platform.Data;
using Iskra.Platform.Encryption;
using Iskra.Platform.Hosting;
using Iskra.Platform.Security;
using Iskra.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Platform.Tests.Security;

/// <summary>The security services on a store of their own and a clock that stands still.</summary>
internal sealed class TestSecurity : IAsyncDisposable
{
    private readonly TestFolder _folder;
    private readonly ServiceProvider _provider;

    private TestSecurity(TestFolder folder, Database database, TestTimeProvider time, ServiceProvider provider)
    {
        _folder = folder;
        Database = database;
        Time = time;
        _provider = provider;
    }

    public Database Database { get; }

    public TestTimeProvider Time { get; }

    public static async Task<TestSecurity> StartAsync(params IEnumerable<KeyValuePair<string, string?>> settings)
    {
        TestFolder folder = new();
        TestTimeProvider time = new();
        Database database = await Database.OpenAsync(new DataOptions { Folder = folder["data"] }, [], StoreAccess.Exclusive);
        ServiceCollection services = new();
        services.AddLogging();
        services.AddMetrics();
        services.AddSingleton<TimeProvider>(time);
        services.AddSingleton(database);
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        services.Configure<DataOptions>(data => data.Folder = folder["data"]);
        services.AddIskraEncryption(configuration);
        services.AddIskraAudit(configuration);
        services.AddIskraSecurity(configuration);
        return new TestSecurity(folder, database, time, services.BuildServiceProvider());
    }

    /// <summary>The same store with other settings, as a second start sees it.</summary>
    public T GetWith<T>(string key, string value)
        where T : notnull
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddMetrics();
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton(Database);
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();
        services.Configure<DataOptions>(data => data.Folder = _folder["data"]);
        services.AddIskraEncryption(configuration);
        services.AddIskraAudit(configuration);
        services.AddIskraSecurity(configuration);
        return services.BuildServiceProvider().GetRequiredService<T>();
    }

    public T Get<T>()
        where T : notnull => _provider.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        await Database.DisposeAsync();
        _folder.Dispose();
    }
}
