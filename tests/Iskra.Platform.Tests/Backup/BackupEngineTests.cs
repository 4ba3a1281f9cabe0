using Iskra.Platform.Backup;
using Iskra.Platform.Data;
using Iskra.Platform.Hosting;
using Iskra.Platform.Tests.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Platform.Tests.Backup;

/// <summary>What both engines promise.</summary>
public abstract class BackupEngineTests(DatabaseEngine engine)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Restore_BackupOfAStore_HoldsItsRows()
    {
        await using BackupWorld world = await BackupWorld.CreateAsync(engine);
        await world.AddNotesAsync(3_000);

        BackupResult result = await world.BackUpAsync();
        await world.AddNotesAsync(10);

        Assert.Equal(3_000, result.Manifest.Tables["notes"]);
        Assert.Equal(3_000, result.Manifest.Heads["notes.stars"]);
        Assert.Contains("notes/1 notes", result.Manifest.Migrations);
        Assert.True(result.IsKeyNew);
        world.Check(result.Item.Path);
        Assert.Equal(3_000, await world.RestoreAndCountAsync(result.Item.Path));
    }

    [Fact]
    public async Task Create_WhileAWriterWrites_ShowsOneMoment()
    {
        await using BackupWorld world = await BackupWorld.CreateAsync(engine);
        await world.AddNotesAsync(5_000);
        using CancellationTokenSource stop = new();
        Task writer = Task.Run(
            async () =>
            {
                // Two notes in each transaction: a snapshot that cuts one in half shows an odd number.
                while (!stop.IsCancellationRequested)
                {
                    await world.Database.InsertAsync(Note.New(stars: 1), Note.New(stars: 1));
                }
            },
            Cancellation);

        List<BackupResult> results = [];
        for (int i = 0; i < 5; i++)
        {
            results.Add(await world.BackUpAsync());
        }

        await stop.CancelAsync();
        await writer;

        foreach (BackupResult result in results)
        {
            long rows = result.Manifest.Tables["notes"];
            Assert.Equal(0, rows % 2);
            Assert.Equal(rows, result.Manifest.Heads["notes.stars"]);
        }

        Assert.True(results[^1].Manifest.Tables["notes"] > results[0].Manifest.Tables["notes"], "The writer stood still.");
        Assert.Equal(results[^1].Manifest.Tables["notes"], await world.RestoreAndCountAsync(results[^1].Item.Path));
    }

    [Fact]
    public async Task Create_FilesOfTheDataFolder_AreIncludedByTheirRules()
    {
        await using BackupWorld world = await BackupWorld.CreateAsync(engine, services =>
        {
            services.AddSingleton(BackupPath.Include("keys/cards.json"));
            services.AddSingleton(BackupPath.Exclude("subjects/"));
        });
        Directory.CreateDirectory(Path.Combine(world.Options.Folder, "keys"));
        Directory.CreateDirectory(Path.Combine(world.Options.Folder, "subjects"));
        Directory.CreateDirectory(Path.Combine(world.Options.Folder, "exports"));
        string[] names =
        [
            "keys/cards.json", "keys/root.key", "subjects/a", "exports/root.key", "exports/erasure.shares", "exports/b.csv", "server.log",
            "empty",
        ];
        foreach (string name in names)
        {
            await File.WriteAllTextAsync(Path.Combine(world.Options.Folder, name), name == "empty" ? "" : name, Cancellation);
        }

        BackupResult result = await world.BackUpAsync();
        DataOptions target = new() { Folder = world["restored"], Database = await EmptyDatabaseAsync() };
        await world.RestoreAsync(result.Item.Path, target);

        string[] restored = [.. Directory.EnumerateFiles(target.Folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(target.Folder, file)).Where(file => !file.StartsWith("iskra.db", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];
        Assert.Equal(["empty", "exports/b.csv", "keys/cards.json"], restored);
        string cards = Path.Combine(target.Folder, "keys/cards.json");
        Assert.Equal("keys/cards.json", await File.ReadAllTextAsync(cards, Cancellation));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(cards));
        }
    }

    [Fact]
    public async Task Create_ExcludedTable_IsThereWithoutItsRows()
    {
        await using BackupWorld world = await BackupWorld.CreateAsync(
            engine, services => services.AddSingleton(new BackupExclusion("notes")));
        await world.AddNotesAsync(500);

        BackupResult result = await world.BackUpAsync();

        Assert.Equal(0, result.Manifest.Tables["notes"]);
        Assert.Equal(["notes"], result.Manifest.EmptiedTables);
        Assert.Equal(0, await world.RestoreAndCountAsync(result.Item.Path));
        Assert.Equal(500, await world.Database.CountAsync());
    }

    [Fact]
    public async Task Restore_FolderNotEmpty_IsRefused()
    {
        await using BackupWorld world = await BackupWorld.CreateAsync(engine);
        BackupResult result = await world.BackUpAsync();
        DataOptions target = new() { Folder = world["taken"], Database = await EmptyDatabaseAsync() };
        Directory.CreateDirectory(target.Folder);
        await File.WriteAllTextAsync(Path.Combine(target.Folder, "mine"), "mine", TestContext.Current.CancellationToken);

        BackupException fault = await Assert.ThrowsAsync<BackupException>(() => world.RestoreAsync(result.Item.Path, target));

        Assert.Equal(BackupFault.TargetNotEmpty, fault.Fault);
        Assert.Equal(["mine"], Directory.EnumerateFileSystemEntries(target.Folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task CheckDeep_GoodBackup_RunsTheModulesVerifications()
    {
        await using BackupWorld world = await BackupWorld.CreateAsync(engine, services => services.AddSingleton(new Verification(
            "notes.count",
            async (database, _) => new VerificationOutcome(true, $"{await database.CountAsync()} notes", []))));
        await world.AddNotesAsync(7);
        BackupResult result = await world.BackUpAsync();

        using var chain = Iskra.Platform.Backup.Archive.ArchiveChain.Open(result.Item.Path, world.Key);
        var outcomes = await world.Verifier.CheckDeepAsync(chain, world["work"], null, Cancellation);

        Assert.Equal(["manifest", "notes.count"], outcomes.Select(outcome => outcome.Name));
        Assert.All(outcomes, outcome => Assert.True(outcome.Outcome.IsGood));
        Assert.Equal("7 notes", outcomes[1].Outcome.Summary);
        Assert.Empty(Directory.EnumerateFileSystemEntries(world["work"]));
    }

    [Fact]
    public async Task Open_RestoreThatDidNotFinish_IsRefused()
    {
        await using BackupWorld world = await BackupWorld.CreateAsync(engine);
        DataOptions target = new() { Folder = world["half"], Database = await EmptyDatabaseAsync() };
        Directory.CreateDirectory(target.Folder);
        RestoreMarker.Set(target.Folder, "some.iskbak");

        StartupException fault = await Assert.ThrowsAsync<StartupException>(() => world.OpenAsync(target));

        Assert.Equal(ExitCode.RestoreIncomplete, fault.ExitCode);
        Assert.DoesNotContain('\n', fault.Message);
    }

    private async Task<string?> EmptyDatabaseAsync() => engine == DatabaseEngine.Sqlite
        ? null
        : (await (await Iskra.Testing.PostgresServer.SharedAsync()).CreateDatabaseAsync()).ConnectionString;
}

/// <inheritdoc/>
public sealed class SqliteBackupTests() : BackupEngineTests(DatabaseEngine.Sqlite);

/// <inheritdoc/>
public sealed class PostgresBackupTests() : BackupEngineTests(DatabaseEngine.Postgres);
