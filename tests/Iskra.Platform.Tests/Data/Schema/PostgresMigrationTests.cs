using Iskra.Platform.Data;
using Iskra.Platform.Data.Schema;

namespace Iskra.Platform.Tests.Data.Schema;

public sealed class PostgresMigrationTests() : MigrationTestsBase(DatabaseEngine.Postgres)
{
    [Fact]
    public async Task OpenAsync_ManyProcessesAtOnce_ApplyEachMigrationOnce()
    {
        await using TestStore store = await TestStore.CreateAsync(DatabaseEngine.Postgres);
        Migration[] migrations =
        [
            .. Enumerable.Range(1, 5).Select(i => new Migration(
                "m", i, $"step{i}", $"CREATE TABLE t{i} (id bigint); INSERT INTO t{i} SELECT * FROM generate_series(1, 1000);")),
        ];

        Database[] databases = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => store.OpenAsync(migrations)));

        Assert.Equal(1000, await databases[0].ReadInTestAsync(session => session.ScalarAsync<long>("SELECT count(*) FROM t5")));
        Assert.Equal(5, await databases[1].ReadInTestAsync(session => session.ScalarAsync<long>("SELECT count(*) FROM schema_migrations")));
        foreach (Database database in databases)
        {
            await database.DisposeAsync();
        }
    }
}
