using Iskra.Platform.Data;
using Iskra.Platform.Events;
using Iskra.Platform.Hosting;
using Iskra.Platform.Sagas;
using Iskra.Platform.Tenancy;
using Iskra.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Iskra.Platform.Tests.Sagas;

/// <summary>A store of either engine, a clock that stands still, and processes that die when a fault says so.</summary>
internal sealed class SagaWorld : IAsyncDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    private readonly DirectoryInfo _folder;
    private readonly PostgresDatabase? _server;
    private CancellationTokenSource _process = new();

    private SagaWorld(Database database, DirectoryInfo folder, PostgresDatabase? server)
    {
        Database = database;
        _folder = folder;
        _server = server;
    }

    public Database Database { get; }

    public TestTimeProvider Time { get; } = new();

    public TestRemote Remote { get; } = new();

    /// <summary>The faults of the attempts of one action, by step and direction; an action without any more works.</summary>
    public Dictionary<string, Queue<SagaFault>> Faults { get; } = new(StringComparer.Ordinal);

    public static async Task<SagaWorld> OpenAsync(DatabaseEngine engine)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("iskra-sagas-");
        PostgresDatabase? server = null;
        if (engine == DatabaseEngine.Postgres)
        {
            Requirement.Postgres();
            server = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        }

        DataOptions options = new() { Folder = folder.FullName, Database = server?.ConnectionString };
        SagaWorld world = new(await Database.OpenAsync(options, [], StoreAccess.Exclusive), folder, server);
        await world.Database.WriteAsync(session => session.ExecuteAsync(
            "create table effects (key text not null, executed integer not null, undone integer not null)"));
        return world;
    }

    /// <summary>A step in the database that doesn't care for repeats: that it takes effect once is the saga's merit.</summary>
    public SagaStep InDatabase(string name) => new(
        name,
        SagaAction.InTransaction((session, call) => DoAsync(name, () => session.ExecuteAsync(
            "insert into effects (key, executed, undone) values (@Key, 1, 0)", new { call.Key }))),
        SagaAction.InTransaction((session, call) => DoAsync($"{name}/undo", () => session.ExecuteAsync(
            "insert into effects (key, executed, undone) values (@Key, 0, 1)", new { call.Key }))));

    /// <summary>A step that calls the simulated service.</summary>
    public SagaStep Outside(string name) => new(
        name,
        SagaAction.CallsOut((call, _) => DoAsync(name, () => Doing(() => Remote.Execute(call.Key)))),
        SagaAction.CallsOut((call, _) => DoAsync($"{name}/undo", () => Doing(() => Remote.Undo(call.Key)))));

    public ServiceProvider CreateServices(params SagaDefinition[] definitions)
    {
        ServiceCollection services = new();
        IConfiguration configuration = new ConfigurationBuilder().Build();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton(Database);
        services.AddIskraEvents(configuration);
        services.AddIskraSagas(configuration);
        foreach (SagaDefinition definition in definitions)
        {
            services.AddSaga(_ => definition);
        }

        return services.BuildServiceProvider();
    }

    public Task<SagaStarted> StartAsync(ServiceProvider services, SagaStart start) =>
        Database.WriteAsync(session => services.GetRequiredService<SagaStarter>().StartAsync(session, start));

    /// <summary>
    /// Drives a saga to its end in one process after the other: each begins when the lease of the last one has run out, or the next attempt
    /// is due.
    /// </summary>
    public async Task<SagaRow> DriveToEndAsync(ServiceProvider services, Guid id)
    {
        SagaStore store = services.GetRequiredService<SagaStore>();
        SagaDriver driver = services.GetRequiredService<SagaDriver>();
        for (int i = 0; i < 500; i++)
        {
            SagaRow row = (await store.FindAsync(TenantId.Default, id, CancellationToken.None))!;
            if (!row.IsActive)
            {
                return row;
            }

            IReadOnlyList<SagaRow> claimed = await store.ClaimAsync(
                $"process-{i}", services.GetRequiredService<SagaCatalog>().Keys, 10, Lease, CancellationToken.None);
            foreach (SagaRow one in claimed)
            {
                await DriveAsync(driver, one);
            }

            Time.Advance(claimed.Count > 0 ? TimeSpan.FromMilliseconds(100) : Lease);
        }

        Assert.Fail("The saga doesn't end.");
        return null!;
    }

    /// <summary>Effects of a step in the database: how often it was executed and undone.</summary>
    public async Task<(long Executed, long Undone)> EffectsAsync(string key) => await Database.ReadAsync(async session => (
        await session.ScalarAsync<long>("select coalesce(sum(executed), 0) from effects where key = @key", new { key }),
        await session.ScalarAsync<long>("select coalesce(sum(undone), 0) from effects where key = @key", new { key })));

    public async ValueTask DisposeAsync()
    {
        _process.Dispose();
        await Database.DisposeAsync();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    private static Task<int> Doing(Action action)
    {
        action();
        return Task.FromResult(1);
    }

    private async Task DriveAsync(SagaDriver driver, SagaRow row)
    {
        try
        {
            await driver.DriveAsync(row, _process.Token);
        }
        catch (OperationCanceledException)
        {
            // A dead process gives nothing back: its lease has to run out.
            Assert.True(_process.IsCancellationRequested);
        }

        if (_process.IsCancellationRequested)
        {
            _process.Dispose();
            _process = new CancellationTokenSource();
        }
    }

    private async Task<SagaStepResult> DoAsync(string action, Func<Task<int>> effect)
    {
        SagaFault fault = Faults.TryGetValue(action, out Queue<SagaFault>? faults) && faults.TryDequeue(out SagaFault next)
            ? next
            : SagaFault.None;
        switch (fault)
        {
            case SagaFault.ThrowBefore:
                throw new InvalidOperationException("told to fail");
            case SagaFault.Refuse:
                return SagaStepResult.Refused;
            case SagaFault.CrashBefore:
                await _process.CancelAsync();
                throw new OperationCanceledException(_process.Token);
        }

        await effect();
        switch (fault)
        {
            case SagaFault.ThrowAfter:
                throw new InvalidOperationException("told to lose the answer");
            case SagaFault.CrashAfter:
                await _process.CancelAsync();
                throw new OperationCanceledException(_process.Token);
            case SagaFault.CrashNoted:
                await _process.CancelAsync();
                break;
        }

        return SagaStepResult.Done;
    }
}
