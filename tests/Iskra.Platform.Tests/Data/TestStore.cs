using Iskra.Platform.Data;
using Iskra.Platform.Data.Schema;
using Iskra.Platform.Hosting;
using Iskra.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Iskra.Platform.Tests.Data;

/// <summary>Storage for one test: a folder, and a database of its own when the engine is PostgreSQL. May be opened many times.</summary>
internal sealed class TestStore : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private PostgresDatabase? _postgres;

    /// <summary>Change them before opening.</summary>
    public DataOptions Options { get; } = new();

    public static async Task<TestStore> CreateAsync(DatabaseEngine engine)
    {
        TestStore store = new();
        store.Options.Folder = store._folder["data"];
        if (engine == DatabaseEngine.Postgres)
        {
            Requirement.Postgres();
            store._postgres = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
            store.Options.Database = store._postgres.ConnectionString;
        }

        return store;
    }

    public Task<Database> OpenAsync(params Migration[] migrations) => OpenAsync(StoreAccess.Exclusive, migrations);

    public Task<Database> OpenAsync(StoreAccess access, params Migration[] migrations) =>
        OpenAsync(access, TimeProvider.System, migrations);

    public Task<Database> OpenAsync(StoreAccess access, TimeProvider timeProvider, params Migration[] migrations) =>
        Database.OpenAsync(Options, migrations, access, timeProvider, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }

        _folder.Dispose();
    }
}
