using System.Diagnostics;
using System.Text;
using Iskra.Platform.Backup;
using Iskra.Platform.Backup.Stores;
using Iskra.Platform.Data;
using Iskra.Platform.Tests.Data;
using Iskra.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Iskra.Platform.Tests.Backup;

/// <summary>Differential backups, space, locks and what stays behind.</summary>
public sealed class SqliteBackupDetailTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Create_AgainAfterALittle_IsDifferentialAndSmall()
    {
        await using BackupWorld world = await BackupWorld.CreateAsync(DatabaseEngine.Sqlite);
        await world.AddNotesAsync(30_000);
        BackupResult full = await world.BackUpAsync();
        await world.AddNotesAsync(100);
        BackupResult first = await world.BackUpAsync();
        await world.AddNotesAsync(100);
        BackupResult second = await world.BackUpAsync();

        Assert.Equal(
            [BackupKind.Full, BackupKind.Differential, BackupKind.Differential],
            [full.Item.Kind, first.Item.Kind, second.Item.Kind]);
        Assert.Equal(full.Item.Id, second.Item.BaseId);
        Assert.True(first.Item.Bytes * 4 < full.Item.Bytes, $"{first.Item.Bytes} of {full.Item.Bytes} bytes");

        // Each differential needs the full one alone.
        File.Delete(first.Item.Path);
        Assert.Equal(30_200, await world.RestoreAndCountAsync(second.Item.Path));
        Assert.Equal(30_000, await world.RestoreAndCountAsync(full.Item.Path));
    }

    [Fact]
    public async Task Create_EnoughDifferentials_IsFullAgain()
    {
        await using BackupWorld world = await BackupWorld.CreateAsync(
            DatabaseEngine.Sqlite, ("Backup:DifferentialsMax", "2"), ("Backup:DifferentialShareMax", "1"));
        List<BackupKind> kinds = [];
        for (int i = 0; i < 5; i++)
        {
            world.Time.Advance(TimeSpan.FromMinutes(1));
            await world.AddNotesAsync(1);
            kinds.Add((await world.BackUpAsync()).Item.Kind);
        }

        Assert.Equal(
            [BackupKind.Full, BackupKind.Differential, BackupKind.Differential, BackupKind.Full, BackupKind.Differential], kinds);
    }

    [Fact]
    public async Task Create_BaseDamaged_IsFullAgain()
    {
        await using BackupWorld world = await BackupWorld.CreateAsync(DatabaseEngine.Sqlite);
        BackupResult full = await world.BackUpAsync();
        byte[] bytes = await File.ReadAllBytesAsync(full.Item.Path, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(full.Item.Path, bytes[..^5], TestContext.Current.CancellationToken);

        Assert.Equal(BackupKind.Full, (await world.BackUpAsync()).Item.Kind);
    }

    [Fact]
    public async Task Create_ExcludedRows_AreNotInTheCopyEvenAsFreePages()
    {
        const string Secret = "a-secret-that-must-be-gone";
        await using BackupWorld world = await BackupWorld.CreateAsync(
            DatabaseEngine.Sqlite, services => services.AddSingleton(new BackupExclusion("notes")));
        await world.Database.InsertAsync([.. Enumerable.Range(0, 300).Select(i => Note.New($"{Secret} {i}"))]);
        SnapshotRequest request = new(
            world.Options, new BackupOptions { FreeBytesMin = 0 }, [], [new BackupExclusion("notes")], TimeProvider.System, null);

        await using SqliteSnapshot snapshot = await SqliteSnapshot.TakeAsync(request, Cancellation);
        using Stream content = snapshot.OpenRead();
        using MemoryStream bytes = new();
        await content.CopyToAsync(bytes, Cancellation);

        Assert.Equal(-1, bytes.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(Secret)));
    }

    [Fact]
    public async Task Create_Done_LeavesNoCopyBehind()
    {
        await using BackupWorld world = await BackupWorld.CreateAsync(DatabaseEngine.Sqlite);
        await world.BackUpAsync();

        Assert.False(Directory.Exists(Path.Combine(world.Options.Folder, BackupPaths.WorkFolder)));
        Assert.Empty(Directory.EnumerateFiles(world.BackupFolder, "*" + BackupCatalog.PartialExtension));
    }

    [Fact]
    public async Task Create_LeftOverOfAKilledOne_IsNeverListedAndRemoved()
    {
        await using BackupWorld world = await BackupWorld.CreateAsync(DatabaseEngine.Sqlite);
        Directory.CreateDirectory(world.BackupFolder);
        string partial = Path.Combine(world.BackupFolder, "iskra-20260101T000000Z-full-00000000.iskbak.partial");
        await File.WriteAllTextAsync(partial, "half", TestContext.Current.CancellationToken);
        Directory.CreateDirectory(Path.Combine(world.Options.Folder, BackupPaths.WorkFolder));
        string copy = Path.Combine(world.Options.Folder, BackupPaths.WorkFolder, "iskra.db");
        await File.WriteAllTextAsync(copy, "half a copy", Cancellation);

        Assert.Empty(BackupCatalog.List(world.BackupFolder));
        BackupResult result = await world.BackUpAsync();

        Assert.False(File.Exists(partial));
        world.Check(result.Item.Path);
    }

    [Fact]
    public async Task Create_WhileAnotherIsMade_IsRefused()
    {
        await using BackupWorld world = await BackupWorld.CreateAsync(DatabaseEngine.Sqlite);
        using BackupFolderLock other = BackupFolderLock.Acquire(world.BackupFolder);

        BackupException fault = await Assert.ThrowsAsync<BackupException>(() => world.BackUpAsync());

        Assert.Equal(BackupFault.Busy, fault.Fault);
    }

    [Fact]
    public async Task Create_Cancelled_LeavesNothing()
    {
        await using BackupWorld world = await BackupWorld.CreateAsync(DatabaseEngine.Sqlite);
        await world.AddNotesAsync(20_000);
        using CancellationTokenSource cancel = new();
        TestProgress progress = new("sealing", cancel.Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => world.Creator.CreateAsync(false, progress, cancel.Token));

        Assert.Empty(BackupCatalog.List(world.BackupFolder));
        Assert.Equal([".backup.lock"], Directory.EnumerateFiles(world.BackupFolder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Create_TooLittleSpaceForTheCopy_IsRefusedBeforeItBegins()
    {
        await using BackupWorld world = await BackupWorld.CreateAsync(
            DatabaseEngine.Sqlite, ("Backup:FreeBytesMin", (1L << 50).ToString(System.Globalization.CultureInfo.InvariantCulture)));

        BackupException fault = await Assert.ThrowsAsync<BackupException>(() => world.BackUpAsync());

        Assert.Equal(BackupFault.NoSpace, fault.Fault);
        Assert.Empty(BackupCatalog.List(world.BackupFolder));
    }

    [Fact]
    public async Task Create_DiskFull_SaysSoAndRemovesWhatItWrote()
    {
        await using BackupWorld world = await BackupWorld.CreateAsync(DatabaseEngine.Sqlite);
        await world.AddNotesAsync(30_000);
        Directory.CreateDirectory(world.BackupFolder);
        Requirement.That(await RunAsync("mount", "-t", "tmpfs", "-o", "size=256k", "none", world.BackupFolder),
            "tmpfs can't be mounted here");
        try
        {
            BackupException fault = await Assert.ThrowsAsync<BackupException>(() => world.BackUpAsync());

            Assert.Equal(BackupFault.NoSpace, fault.Fault);
            Assert.Equal([".backup.lock"], Directory.EnumerateFiles(world.BackupFolder).Select(Path.GetFileName));
        }
        finally
        {
            await RunAsync("umount", world.BackupFolder);
        }
    }

    [Fact]
    public async Task Restore_DiskFull_SaysSoAndRemovesWhatItWrote()
    {
        await using BackupWorld world = await BackupWorld.CreateAsync(DatabaseEngine.Sqlite);
        await world.AddNotesAsync(30_000);
        BackupResult result = await world.BackUpAsync();
        DataOptions target = new() { Folder = world["small"] };
        Directory.CreateDirectory(target.Folder);
        Requirement.That(await RunAsync("mount", "-t", "tmpfs", "-o", "size=256k", "none", target.Folder),
            "tmpfs can't be mounted here");
        try
        {
            BackupException fault = await Assert.ThrowsAsync<BackupException>(() => world.RestoreAsync(result.Item.Path, target));

            Assert.Equal(BackupFault.NoSpace, fault.Fault);
            Assert.Empty(Directory.EnumerateFileSystemEntries(target.Folder));
        }
        finally
        {
            await RunAsync("umount", target.Folder);
        }
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            await process.WaitForExitAsync(CancellationToken.None);
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private sealed class TestProgress(string phase, Action onPhase) : IProgress<BackupProgress>
    {
        public void Report(BackupProgress value)
        {
            if (value.Phase == phase)
            {
                onPhase();
            }
        }
    }
}
