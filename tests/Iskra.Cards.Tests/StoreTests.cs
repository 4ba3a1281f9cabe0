using Iskra.Platform.Data;
using Iskra.Testing;

namespace Iskra.Cards.Tests;

/// <summary>A test class that runs once on each engine: a fresh store per test.</summary>
public abstract class StoreTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private PostgresDatabase? _postgres;

    private protected abstract DatabaseEngine Engine { get; }

    private protected DataOptions Options { get; private set; } = new();

    public async ValueTask InitializeAsync()
    {
        if (Engine == DatabaseEngine.Postgres)
        {
            Requirement.Postgres();
            PostgresServer server = await PostgresServer.SharedAsync();
            _postgres = await server.CreateDatabaseAsync();
        }

        Options = new DataOptions { Folder = _folder.FullPath, Database = _postgres?.ConnectionString };
    }

    public async ValueTask DisposeAsync()
    {
        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }

        _folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
