using Npgsql;

namespace Iskra.Testing;

/// <summary>A fresh database for one test, dropped at the end.</summary>
public sealed class PostgresDatabase : IAsyncDisposable
{
    private readonly PostgresServer _server;

    internal PostgresDatabase(PostgresServer server, string name)
    {
        _server = server;
        Name = name;
        ConnectionString = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name }.ConnectionString;
    }

    public string Name { get; }

    /// <summary>For <c>DataOptions.Database</c> or <c>ISKRA_DATABASE</c>.</summary>
    public string ConnectionString { get; }

    public async ValueTask DisposeAsync() => await _server.ExecuteAsync($"DROP DATABASE IF EXISTS \"{Name}\" WITH (FORCE)");
}
