using Iskra.Platform.Backup;
using Iskra.Platform.Backup.Archive;
using Iskra.Platform.Data;
using Iskra.Platform.Events;
using Iskra.Platform.Hosting;
using Iskra.Platform.Tests.Data;
using Iskra.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Iskra.Platform.Tests.Backup;

/// <summary>A store with notes, and the services that back it up, as a server has them.</summary>
internal sealed class BackupWorld : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly PostgresDatabase? _postgres;
    private readonly ServiceProvider _services;
    private bool _isClosed;

    private BackupWorld(
        PostgresDatabase? postgres,
        TestTimeProvider time,
        IEnumerable<(string Key, string Value)> settings,
        Action<IServiceCollection>? add)
    {
        _postgres = postgres;
        Time = time;
        Options.Folder = _folder["data"];
        Options.Database = postgres?.ConnectionString;
        // A pace is kept by a clock, and this one stands still.
        Dictionary<string, string?> values = new()
        {
            ["Backup:Folder"] = _folder["backups"],
            ["Backup:FreeBytesMin"] = "0",
            ["Backup:CopyBytesPerSecondMax"] = "0",
        };
        foreach ((string key, string value) in settings)
        {
            values[key] = value;
        }

        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(time);
        services.AddSingleton(Microsoft.Extensions.Options.Options.Create(Options));
        services.AddSingleton(_ => Database);
        services.AddSingleton(new MigrationSet("notes", null));
        services.AddIskraEvents(configuration);
        services.AddIskraBackup(configuration);
        services.AddSingleton(new BackupHead("notes.stars", "notes", "select coalesce(sum(stars), 0) from notes"));
        add?.Invoke(services);
        _services = services.BuildServiceProvider();
    }

    public DataOptions Options { get; } = new();

    public TestTimeProvider Time { get; }

    public Database Database { get; private set; } = null!;

    public BackupService Service => _services.GetRequiredService<BackupService>();

    public BackupScheduler Scheduler => _services.GetServices<IHostedService>().OfType<BackupScheduler>().Single();

    public BackupVerifier Verifier => _services.GetRequiredService<BackupVerifier>();

    public BackupCreator Creator => _services.GetRequiredService<BackupCreator>();

    public ArchiveKey Key => _services.GetRequiredService<BackupKeys>().Load();

    public string BackupFolder => _folder["backups"];

    /// <summary>A path beside the data folder and the backups.</summary>
    public string this[string name] => _folder[name];

    public static Task<BackupWorld> CreateAsync(DatabaseEngine engine, params (string Key, string Value)[] settings) =>
        CreateAsync(engine, null, settings);

    public static async Task<BackupWorld> CreateAsync(
        DatabaseEngine engine, Action<IServiceCollection>? add, params (string Key, string Value)[] settings)
    {
        PostgresDatabase? postgres = null;
        if (engine == DatabaseEngine.Postgres)
        {
            Requirement.Postgres();
            postgres = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        }

        // A clock that stands still would make one name for two backups of the same moment only if their ids were equal, and they aren't.
        BackupWorld world = new(postgres, new TestTimeProvider(), settings, add);
        world.Database = await world.OpenAsync(world.Options);
        return world;
    }

    public Task<Database> OpenAsync(DataOptions options) => Iskra.Platform.Data.Database.OpenAsync(
        options,
        [.. Iskra.Platform.Data.Schema.MigrationReader.Read([MigrationSet.Platform]), Note.Table],
        StoreAccess.Exclusive,
        Time,
        NullLoggerFactory.Instance,
        TestContext.Current.CancellationToken);

    /// <summary>Adds notes, each of which has one star.</summary>
    public async Task AddNotesAsync(int count)
    {
        foreach (int[] chunk in Enumerable.Range(0, count).Chunk(500))
        {
            await Database.InsertAsync([.. chunk.Select(i => Note.New($"note {i} {Guid.CreateVersion7()}", stars: 1))]);
        }
    }

    public Task<BackupResult> BackUpAsync(bool isFull = false) =>
        Creator.CreateAsync(isFull, progress: null, TestContext.Current.CancellationToken);

    /// <summary>Restores into a new folder (and a new database), opens it, and counts the notes.</summary>
    public async Task<long> RestoreAndCountAsync(string path)
    {
        await using PostgresDatabase? empty = _postgres is null ? null : await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        DataOptions target = new() { Folder = _folder[$"restored-{Guid.CreateVersion7():N}"], Database = empty?.ConnectionString };
        await RestoreAsync(path, target);
        await using Database restored = await OpenAsync(target);
        return await restored.CountAsync();
    }

    public async Task RestoreAsync(string path, DataOptions target)
    {
        using ArchiveChain chain = ArchiveChain.Open(path, Key);
        await BackupRestorer.RestoreAsync(chain, target, null, null, TestContext.Current.CancellationToken);
    }

    public void Check(string path)
    {
        using ArchiveChain chain = ArchiveChain.Open(path, Key);
        BackupVerifier.Check(chain, null, TestContext.Current.CancellationToken);
    }

    public async Task CloseAsync()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            await Database.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await CloseAsync();
        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }

        _folder.Dispose();
    }
}
