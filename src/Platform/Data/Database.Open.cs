using Iskra.Platform.Backup;
using Iskra.Platform.Data.Mapping;
using Iskra.Platform.Data.Postgres;
using Iskra.Platform.Data.Schema;
using Iskra.Platform.Data.Sqlite;
using Iskra.Platform.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Iskra.Platform.Data;

public sealed partial class Database
{
    private readonly DatabaseEngineBase _engine;
    private readonly DataMetrics _metrics;
    private readonly DataFolderLock? _folderLock;
    private int _disposed;

    private Database(DatabaseEngineBase engine, DataMetrics metrics, DataFolderLock? folderLock)
    {
        _engine = engine;
        _metrics = metrics;
        _folderLock = folderLock;
    }

    internal DataMetrics Metrics => _metrics;

    /// <summary>
    /// Opens the store that <paramref name="options"/> name and brings its schema up to date. The platform's own tables are always
    /// included. The caller disposes the result after everything that uses it.
    /// </summary>
    /// <param name="options">Validated options; see <see cref="DataRegistration.ReadOptions"/>.</param>
    /// <param name="migrations">The schemas of the modules in use.</param>
    /// <param name="access">
    /// <see cref="StoreAccess.Exclusive"/> locks the data folder (embedded engine) and migrates; <see cref="StoreAccess.ReadOnly"/>
    /// creates and migrates nothing, but still refuses a schema that this program doesn't know.
    /// </param>
    /// <param name="timeProvider">The clock; the system's when null.</param>
    /// <param name="loggerFactory">Where to log; nowhere when null.</param>
    /// <param name="cancellationToken">Stops waiting for a server or for another process's migration.</param>
    /// <exception cref="StartupException">The store can't be used: one clear line without secrets, and an exit code.</exception>
    public static Task<Database> OpenAsync(
        DataOptions options,
        IEnumerable<MigrationSet> migrations,
        StoreAccess access,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null,
        CancellationToken cancellationToken = default) =>
        OpenAsync(
            options,
            MigrationReader.Read(migrations.Prepend(MigrationSet.Platform)),
            access,
            timeProvider ?? TimeProvider.System,
            loggerFactory ?? NullLoggerFactory.Instance,
            cancellationToken);

    internal static async Task<Database> OpenAsync(
        DataOptions options,
        IReadOnlyList<Migration> migrations,
        StoreAccess access,
        TimeProvider timeProvider,
        ILoggerFactory loggerFactory,
        CancellationToken cancellationToken)
    {
        DapperSetup.Apply();
        RestoreMarker.Check(options.Folder);
        ILogger logger = loggerFactory.CreateLogger("Iskra.Data");
        bool isEmbedded = string.IsNullOrWhiteSpace(options.Database);
        DataMetrics metrics = new();
        DataFolderLock? folderLock = null;
        DatabaseEngineBase? engine = null;
        try
        {
            if (access == StoreAccess.Exclusive)
            {
                DataFolder.EnsureWritable(options.Folder);
                folderLock = isEmbedded ? DataFolderLock.Acquire(options.Folder) : null;
            }

            engine = isEmbedded
                ? SqliteEngine.Open(options, access, metrics, timeProvider, logger)
                : await PostgresEngine.OpenAsync(options, access, metrics, timeProvider, logger, cancellationToken);
            await new Migrator(engine, migrations, timeProvider, logger).RunAsync(access, cancellationToken);
            Log.Opened(logger, engine.Description, access);
            return new Database(engine, metrics, folderLock);
        }
        catch
        {
            if (engine is not null)
            {
                await engine.DisposeAsync();
            }

            folderLock?.Dispose();
            metrics.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Leaves the address that people reach this process at beside the lock, so that a second process that finds the data folder taken
    /// can say who holds it. Does nothing on PostgreSQL and in read-only use.
    /// </summary>
    public void PublishAddress(string address) => _folderLock?.Publish(address);

    /// <summary>Refuses new work, finishes the writes that were accepted, closes every connection and frees the data folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _engine.DisposeAsync();
        _folderLock?.Dispose();
        _metrics.Dispose();
    }
}
