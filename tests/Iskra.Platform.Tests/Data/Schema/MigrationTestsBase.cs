using Iskra.Platform.Data;
using Iskra.Platform.Data.Schema;
using Iskra.Platform.Hosting;

namespace Iskra.Platform.Tests.Data.Schema;

/// <summary>How the schema is brought up to date, on both engines.</summary>
public abstract class MigrationTestsBase : IAsyncLifetime
{
    private static readonly Migration First = new(
        "m", 1, "first", "CREATE TABLE one (id integer PRIMARY KEY);\nINSERT INTO one VALUES (1);");
    private static readonly Migration Second = new(
        "m", 2, "second", "CREATE TABLE two (id integer PRIMARY KEY); INSERT INTO one VALUES (2);");
    private static readonly Migration Other = new("other", 1, "first", "CREATE TABLE three (id integer PRIMARY KEY);");

    private readonly DatabaseEngine _engine;
    private TestStore? _store;

    protected MigrationTestsBase(DatabaseEngine engine) => _engine = engine;

    private TestStore Store => _store!;

    public async ValueTask InitializeAsync() => _store = await TestStore.CreateAsync(_engine);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }
    }

    [Fact]
    public async Task OpenAsync_FreshStore_AppliesAllInOrderAndRecordsThem()
    {
        Iskra.Testing.TestTimeProvider time = new();

        await using Database database = await Store.OpenAsync(StoreAccess.Exclusive, time, First, Second, Other);

        Assert.Equal([1, 2], await OnesAsync(database));
        Assert.Equal(
            [$"m/1/first/{First.Checksum}", $"m/2/second/{Second.Checksum}", $"other/1/first/{Other.Checksum}"],
            await database.ReadInTestAsync(session => session.QueryAsync<string>(
                "SELECT module || '/' || version || '/' || name || '/' || checksum FROM schema_migrations ORDER BY module, version")));
        Assert.Equal(
            time.NowMicroseconds(),
            await database.ReadInTestAsync(session => session.ScalarAsync<long>("SELECT max(applied_at) FROM schema_migrations")));
    }

    [Fact]
    public async Task OpenAsync_Again_AppliesOnlyWhatIsNew()
    {
        await using (await Store.OpenAsync(First))
        {
        }

        await using (await Store.OpenAsync(First))
        {
        }

        await using Database database = await Store.OpenAsync(First, Second);

        Assert.Equal([1, 2], await OnesAsync(database));
    }

    [Fact]
    public async Task OpenAsync_AppliedMigrationChanged_StopsAndNamesTheFile()
    {
        await using (await Store.OpenAsync(First, Second))
        {
        }

        StartupException error = await FailAsync(
            ExitCode.MigrationChanged, First, new Migration("m", 2, "second", Second.Text + " -- more"));

        Assert.Contains("m/0002_second.sql was changed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_OnlyLineEndsDiffer_IsTheSameMigration()
    {
        await using (await Store.OpenAsync(First))
        {
        }

        string text = "\uFEFF" + First.Text.Replace("\n", "\r\n", StringComparison.Ordinal);
        await using Database database = await Store.OpenAsync(new Migration("m", 1, "first", text));

        Assert.Equal([1], await OnesAsync(database));
    }

    [Fact]
    public async Task OpenAsync_DatabaseHasUnknownMigration_StopsAsNewer()
    {
        await using (await Store.OpenAsync(First, Second))
        {
        }

        StartupException error = await FailAsync(ExitCode.DatabaseNewer, First);

        Assert.Contains("m/0002_second.sql", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_ModuleNotInUse_IsLeftAlone()
    {
        await using (await Store.OpenAsync(First, Other))
        {
        }

        await using Database database = await Store.OpenAsync(First);

        Assert.Equal([1], await OnesAsync(database));
    }

    [Fact]
    public async Task OpenAsync_MigrationFails_IsUndoneAndNamed()
    {
        Migration broken = new("m", 2, "broken", "INSERT INTO one VALUES (7); INSERT INTO missing VALUES (1);");

        StartupException error = await FailAsync(ExitCode.Failure, First, broken);
        await using Database database = await Store.OpenAsync(First);

        Assert.Contains("m/0002_broken.sql failed", error.Message, StringComparison.Ordinal);
        Assert.Equal([1], await OnesAsync(database));
    }

    [Fact]
    public async Task OpenAsync_ReadOnlyAndNotUpToDate_IsRefusedAndChangesNothing()
    {
        await using (await Store.OpenAsync(First))
        {
        }

        StartupException error = await Assert.ThrowsAsync<StartupException>(() => Store.OpenAsync(StoreAccess.ReadOnly, First, Second));
        await using Database database = await Store.OpenAsync(StoreAccess.ReadOnly, First);

        Assert.Equal(ExitCode.Failure, error.ExitCode);
        Assert.Contains("m/0002_second.sql is missing", error.Message, StringComparison.Ordinal);
        Assert.Equal([1], await OnesAsync(database));
    }

    [Fact]
    public async Task OpenAsync_PlatformsOwnMigrations_ApplyOnThisEngine()
    {
        await using Database database = await Database.OpenAsync(
            Store.Options, [MigrationSet.None], StoreAccess.Exclusive, cancellationToken: TestContext.Current.CancellationToken);

        long tables = await database.ReadInTestAsync(
            session => session.ScalarAsync<long>("SELECT count(*) FROM schema_migrations WHERE module = 'platform'"));

        Assert.Equal(MigrationReader.Read([MigrationSet.Platform]).Count, tables);
    }

    private static Task<IReadOnlyList<long>> OnesAsync(Database database) =>
        database.ReadInTestAsync(session => session.QueryAsync<long>("SELECT id FROM one ORDER BY id"));

    private async Task<StartupException> FailAsync(ExitCode exitCode, params Migration[] migrations)
    {
        StartupException error = await Assert.ThrowsAsync<StartupException>(() => Store.OpenAsync(migrations));
        Assert.Equal(exitCode, error.ExitCode);
        Assert.DoesNotContain('\n', error.Message);
        return error;
    }
}
