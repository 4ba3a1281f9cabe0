using Iskra.Platform.Data;
using Iskra.Platform.Data.Sqlite;
using Iskra.Platform.Hosting;

namespace Iskra.Platform.Tests.Data;

public sealed class DataFolderTests : IAsyncLifetime
{
    private TestStore? _store;

    private TestStore Store => _store!;

    public async ValueTask InitializeAsync() => _store = await TestStore.CreateAsync(DatabaseEngine.Sqlite);

    public ValueTask DisposeAsync() => Store.DisposeAsync();

    [Fact]
    public async Task OpenAsync_FolderHeld_SaysByWhom()
    {
        await using Database holder = await Store.OpenAsync();
        holder.PublishAddress("http://localhost:5080");

        StartupException error = await FailAsync(ExitCode.StoreInUse);

        Assert.Contains($"(pid {Environment.ProcessId}, http://localhost:5080)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_HolderGone_TakesTheFolder()
    {
        await using (await Store.OpenAsync())
        {
        }

        await using Database database = await Store.OpenAsync();

        Assert.Equal(DatabaseEngine.Sqlite, database.Engine);
    }

    [Fact]
    public async Task OpenAsync_HolderWasKilled_TakesTheFolder()
    {
        // What a killed process leaves: its files, without the system's lock.
        Directory.CreateDirectory(Store.Options.Folder);
        await File.WriteAllTextAsync(
            Path.Combine(Store.Options.Folder, DataFolderLock.LockFileName), string.Empty, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(Store.Options.Folder, DataFolderLock.HolderFileName), "pid 1", TestContext.Current.CancellationToken);

        await using Database database = await Store.OpenAsync();

        Assert.Equal(DatabaseEngine.Sqlite, database.Engine);
    }

    [Fact]
    public async Task OpenAsync_FileInPlaceOfFolder_IsNotWritable()
    {
        await File.WriteAllTextAsync(Store.Options.Folder, "x", TestContext.Current.CancellationToken);

        StartupException error = await FailAsync(ExitCode.DataFolderNotWritable);

        Assert.Contains(Store.Options.Folder, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_FolderThatCantBeMade_IsNotWritable()
    {
        Store.Options.Folder = OperatingSystem.IsWindows() ? "Z:\\missing\0" : "/proc/iskra";

        await FailAsync(ExitCode.DataFolderNotWritable);
    }

    [Fact]
    public async Task OpenAsync_FileIsNoDatabase_SaysSo()
    {
        Directory.CreateDirectory(Store.Options.Folder);
        string file = Path.Combine(Store.Options.Folder, SqliteFile.FileName);
        await File.WriteAllTextAsync(file, new string('x', 5000), TestContext.Current.CancellationToken);

        StartupException error = await FailAsync(ExitCode.DatabaseUnreachable);
        StartupException readOnly = await Assert.ThrowsAsync<StartupException>(() => Store.OpenAsync(StoreAccess.ReadOnly));

        Assert.Contains($"'{file}' is not a database", error.Message, StringComparison.Ordinal);
        Assert.Equal(error.Message, readOnly.Message);
    }

    [Fact]
    public async Task OpenAsync_ReadOnlyWithoutDatabase_CreatesNothing()
    {
        StartupException error = await Assert.ThrowsAsync<StartupException>(() => Store.OpenAsync(StoreAccess.ReadOnly));

        Assert.Equal(ExitCode.DatabaseUnreachable, error.ExitCode);
        Assert.False(Directory.Exists(Store.Options.Folder));
    }

    [Fact]
    public async Task OpenAsync_NewFolder_IsForItsOwnerOnly()
    {
        await using Database database = await Store.OpenAsync();

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Store.Options.Folder));
        }

        Assert.True(File.Exists(Path.Combine(Store.Options.Folder, SqliteFile.FileName)));
    }

    private async Task<StartupException> FailAsync(ExitCode exitCode)
    {
        StartupException error = await Assert.ThrowsAsync<StartupException>(() => Store.OpenAsync());
        Assert.Equal(exitCode, error.ExitCode);
        Assert.DoesNotContain('\n', error.Message);
        return error;
    }
}
