using Iskra.Platform.Data;
using Iskra.Platform.Data.Postgres;
using Iskra.Platform.Hosting;
using Iskra.Testing;
using Npgsql;

namespace Iskra.Platform.Tests.Data.Postgres;

public sealed class PostgresEngineTests : IAsyncLifetime
{
    private const string Secret = "hunter2-secret";

    // Port 1 on loopback: nothing listens there, so a connection is refused at once.
    private const string Nowhere = $"postgres://ann:{Secret}@127.0.0.1:1/iskra";

    private TestStore? _store;

    private TestStore Store => _store!;

    public async ValueTask InitializeAsync() => _store = await TestStore.CreateAsync(DatabaseEngine.Postgres);

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }
    }

    [Fact]
    public async Task OpenAsync_NoServer_SaysSoWithoutTheSecret()
    {
        Store.Options.Database = Nowhere;

        StartupException error = await FailAsync();

        Assert.Contains("PostgreSQL at 127.0.0.1:1 can't be reached (connection refused)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_WrongUser_SaysSoWithoutTheSecret()
    {
        Store.Options.Database = Change(settings =>
        {
            settings.Username = "iskra_nobody";
            settings.Password = Secret;
        });

        StartupException error = await FailAsync();

        Assert.Contains("refuses user 'iskra_nobody'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_NoDatabase_SaysHowToCreateIt()
    {
        Store.Options.Database = Change(settings =>
        {
            settings.Database = "iskra_missing";
            settings.Password = Secret;
        });

        StartupException error = await FailAsync();

        Assert.Contains("has no database 'iskra_missing'. Create it: createdb", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Description_WithPassword_DoesNotShowIt()
    {
        Store.Options.Database = Change(settings => settings.Password = Secret);

        await using Database database = await Store.OpenAsync();
        string connection = await database.ReadInTestAsync(session => Task.FromResult(session.Connection.ConnectionString));

        Assert.DoesNotContain(Secret, database.Description, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, connection, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_CommitsAreNotDurable_IsRefused()
    {
        Store.Options.Database = Change(settings => settings.Options = "-c synchronous_commit=off");

        StartupException error = await Assert.ThrowsAsync<StartupException>(() => Store.OpenAsync());

        Assert.Equal(ExitCode.BadConfiguration, error.ExitCode);
        Assert.Contains("synchronous_commit", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_ManyProcesses_ShareTheStore()
    {
        await using Database one = await Store.OpenAsync(Note.Table);
        await using Database two = await Store.OpenAsync(Note.Table);

        await one.InsertAsync(Note.New());

        Assert.Equal(1, await two.CountAsync());
    }

    [Fact]
    public async Task ReadStaleAsync_ReplicaWorks_IsAskedInTurn()
    {
        Store.Options.Replicas.Add(Change(settings => settings.ApplicationName = "replica-a"));
        Store.Options.Replicas.Add(Change(settings => settings.ApplicationName = "replica-b"));
        await using Database database = await Store.OpenAsync();

        HashSet<string?> stale = [await WhoAsync(database, stale: true), await WhoAsync(database, stale: true)];
        string? fresh = await WhoAsync(database, stale: false);

        Assert.Equal(["replica-a", "replica-b"], stale.Order());
        Assert.Equal("iskra", fresh);
    }

    [Fact]
    public async Task ReadStaleAsync_ReplicaDown_ThePrimaryAnswersAndTheReplicaRests()
    {
        TestTimeProvider time = new(DateTimeOffset.UnixEpoch.AddYears(56));
        Store.Options.Replicas.Add(Nowhere);
        await using Database database = await Store.OpenAsync(StoreAccess.Exclusive, time);
        using MetricReader fallbacks = new(database.Metrics.Meter, "iskra.data.replica.fallbacks");

        Assert.Equal("iskra", await WhoAsync(database, stale: true));
        Assert.Equal("iskra", await WhoAsync(database, stale: true));
        Assert.Equal([1], fallbacks.Values);

        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal("iskra", await WhoAsync(database, stale: true));
        Assert.Equal([1, 1], fallbacks.Values);
    }

    [Fact]
    public async Task ReadStaleAsync_ReplicaLacksTheDatabase_ThePrimaryAnswers()
    {
        Store.Options.Replicas.Add(Change(settings => settings.Database = "iskra_missing"));
        await using Database database = await Store.OpenAsync();

        Assert.Equal("iskra", await WhoAsync(database, stale: true));
    }

    [Fact]
    public async Task ReadStaleAsync_QueryIsWrong_IsNotTriedTwice()
    {
        Store.Options.Replicas.Add(Change(settings => settings.ApplicationName = "replica-a"));
        await using Database database = await Store.OpenAsync();
        int runs = 0;

        await Assert.ThrowsAsync<PostgresException>(() => database.ReadStaleAsync(
            session =>
            {
                runs++;
                return session.ScalarAsync<long>("SELECT 1 / 0");
            },
            TestContext.Current.CancellationToken));

        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task WriteAsync_AllConnectionsBusy_IsRefused()
    {
        Store.Options.PostgresConnectionsMax = 1;
        Store.Options.Database = Change(settings => settings.Timeout = 1);
        await using Database database = await Store.OpenAsync(Note.Table);

        await Assert.ThrowsAsync<DatabaseBusyException>(() => database.ReadInTestAsync(_ => database.InsertAsync(Note.New())));

        await database.InsertAsync(Note.New());
        Assert.Equal(1, await database.CountAsync());
    }

    [Theory]
    [InlineData(PostgresErrorCodes.InvalidPassword, "refuses user 'ann'")]
    [InlineData(PostgresErrorCodes.TooManyConnections, "takes no connections now")]
    [InlineData(PostgresErrorCodes.InsufficientPrivilege, "lacks a right")]
    [InlineData(PostgresErrorCodes.DiskFull, "answered with an error")]
    public void ToStartup_ServersAnswer_IsOneLine(string sqlState, string expected)
    {
        PostgresAddress address = PostgresAddress.Parse(Nowhere, out _)!;

        StartupException error = PostgresErrors.ToStartup(new PostgresException("two\nlines", "FATAL", "FATAL", sqlState), address);

        Assert.Equal(ExitCode.DatabaseUnreachable, error.ExitCode);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.DoesNotContain(Secret, error.ToString(), StringComparison.Ordinal);
    }

    private static Task<string?> WhoAsync(Database database, bool stale)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        return stale ? database.ReadStaleAsync(AskAsync, token) : database.ReadAsync(AskAsync, token);

        static Task<string?> AskAsync(DbSession session) => session.ScalarAsync<string>("SELECT current_setting('application_name')");
    }

    private string Change(Action<NpgsqlConnectionStringBuilder> change)
    {
        NpgsqlConnectionStringBuilder settings = new(Store.Options.Database);
        change(settings);
        return settings.ConnectionString;
    }

    private async Task<StartupException> FailAsync()
    {
        StartupException error = await Assert.ThrowsAsync<StartupException>(() => Store.OpenAsync());
        Assert.Equal(ExitCode.DatabaseUnreachable, error.ExitCode);
        Assert.DoesNotContain('\n', error.Message);
        Assert.DoesNotContain(Secret, error.ToString(), StringComparison.Ordinal);
        return error;
    }
}
