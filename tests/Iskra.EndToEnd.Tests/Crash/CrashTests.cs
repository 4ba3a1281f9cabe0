using Iskra.EndToEnd.Tests.Api;
using Iskra.Testing;

namespace Iskra.EndToEnd.Tests.Crash;

public sealed class CrashTests
{
    private const int SqliteRounds = 20;
    private const int PostgresRounds = 5;

    [Fact]
    public async Task Kill_UnderLoadOnSqlite_KeepsWhatWasAcknowledgedOnce()
    {
        using TestFolder folder = new();
        await RunAsync(SqliteRounds, folder, new Dictionary<string, string?>());
    }

    [Fact]
    public async Task Kill_UnderLoadOnPostgres_KeepsWhatWasAcknowledgedOnce()
    {
        Requirement.Postgres();
        PostgresServer server = await PostgresServer.SharedAsync();
        await using PostgresDatabase database = await server.CreateDatabaseAsync();
        using TestFolder folder = new();
        await RunAsync(PostgresRounds, folder, new Dictionary<string, string?> { ["ISKRA_DATABASE"] = database.ConnectionString });
    }

    private static async Task RunAsync(int rounds, TestFolder folder, IReadOnlyDictionary<string, string?> environment)
    {
        CrashRun run = new(TestSeed.Take(), folder["data"], environment);
        await run.RunAsync(rounds);
    }
}
