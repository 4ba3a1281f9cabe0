using Iskra.Platform.Backup;
using Iskra.Platform.Data;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Iskra.Platform.Tests.Backup;

public sealed class BackupScheduleTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Schedule_LossAtAnyMoment_CostsAtMostWhatCameAfterTheLastBackup()
    {
        await using BackupWorld world = await ScheduledAsync();
        await world.Scheduler.StartAsync(Cancellation);
        await UntilAsync(() => BackupCatalog.List(world.BackupFolder).Count == 1);
        long sinceLast = 0;
        long total = 0;
        for (int minute = 1; minute <= 17; minute++)
        {
            await world.AddNotesAsync(minute);
            total += minute;
            sinceLast = minute % 5 == 0 ? 0 : sinceLast + minute;
            int expected = 1 + (minute / 5);
            await UntilAsync(() => world.Time.TimerCount > 0 && world.Service.State.RunningSince is null);
            world.Time.Advance(TimeSpan.FromMinutes(1));
            await UntilAsync(() => BackupCatalog.List(world.BackupFolder).Count == expected && world.Service.State.RunningSince is null);
        }

        await world.Scheduler.StopAsync(CancellationToken.None);
        BackupItem newest = BackupCatalog.List(world.BackupFolder)[0];

        Assert.True(world.Time.GetUtcNow() - newest.CreatedAt <= Interval);
        Assert.Equal(total - sinceLast, await world.RestoreAndCountAsync(newest.Path));
    }

    [Fact]
    public async Task Schedule_Off_MakesNone()
    {
        await using BackupWorld world = await BackupWorld.CreateAsync(DatabaseEngine.Sqlite);
        await world.Scheduler.StartAsync(Cancellation);
        await (world.Scheduler.ExecuteTask ?? Task.CompletedTask);

        Assert.Empty(BackupCatalog.List(world.BackupFolder));
        Assert.False(world.Service.IsOverdue);
    }

    [Fact]
    public async Task Schedule_BackupOfAnotherProcessIsFresh_Waits()
    {
        await using BackupWorld world = await ScheduledAsync();
        await world.BackUpAsync();
        world.Time.Advance(TimeSpan.FromMinutes(1));
        await world.Scheduler.StartAsync(Cancellation);
        await UntilAsync(() => world.Time.TimerCount > 0);
        world.Time.Advance(TimeSpan.FromMinutes(3));

        Assert.Single(BackupCatalog.List(world.BackupFolder));
        world.Time.Advance(TimeSpan.FromMinutes(1));
        await UntilAsync(() => BackupCatalog.List(world.BackupFolder).Count == 2);
        await world.Scheduler.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Health_NoBackupForTwoIntervals_IsDegraded()
    {
        await using BackupWorld world = await ScheduledAsync();
        BackupHealthCheck check = new(world.Service);

        world.Time.Advance(Interval * 2);
        Assert.Equal(HealthStatus.Healthy, (await check.CheckHealthAsync(new HealthCheckContext(), Cancellation)).Status);
        world.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HealthStatus.Degraded, (await check.CheckHealthAsync(new HealthCheckContext(), Cancellation)).Status);
        Assert.True(await world.Service.RunAsync(Cancellation));
        Assert.Equal(HealthStatus.Healthy, (await check.CheckHealthAsync(new HealthCheckContext(), Cancellation)).Status);
    }

    [Fact]
    public async Task Run_Fails_IsAnEventAndAReason()
    {
        await using BackupWorld world = await ScheduledAsync(("Backup:Key", "not a key"));

        Assert.False(await world.Service.RunAsync(Cancellation));

        Assert.Contains("not 32 bytes", world.Service.State.LastFailure, StringComparison.Ordinal);
        Assert.DoesNotContain("not a key", world.Service.State.LastFailure, StringComparison.Ordinal);
        Assert.Equal(["platform.backup.failed"], await EventsAsync(world));
        Assert.Empty(BackupCatalog.List(world.BackupFolder));
    }

    [Fact]
    public async Task Run_Succeeds_IsAnEventAndClearsTheReason()
    {
        await using BackupWorld world = await ScheduledAsync();
        using (BackupFolderLock.Acquire(world.BackupFolder))
        {
            Assert.False(await world.Service.RunAsync(Cancellation));
        }

        Assert.True(await world.Service.RunAsync(Cancellation));

        Assert.Null(world.Service.State.LastFailure);
        Assert.Null(world.Service.State.RunningSince);
        Assert.Equal(["platform.backup.completed"], await EventsAsync(world));
    }

    [Theory]
    [InlineData(2, 100, "5 4")]
    [InlineData(9, 2, "5 4 3")]
    [InlineData(1, 0.1, "5")]
    public void FindExpired_CountAndAge_KeepTheNewestAndWhatTheyNeed(int keep, double keepHours, string kept)
    {
        DateTimeOffset now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        BackupItem[] items = [.. Enumerable.Range(1, 5).Select(hour => Item(hour, now.AddHours(hour - 5)))];

        IReadOnlyList<BackupItem> expired = BackupCatalog.FindExpired(items, keep, TimeSpan.FromHours(keepHours), now);

        Assert.Equal(kept, string.Join(' ', items.Except(expired).Select(item => item.Path).OrderDescending(StringComparer.Ordinal)));
    }

    [Fact]
    public void FindExpired_BaseOfAKeptOne_IsKept()
    {
        DateTimeOffset now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        BackupItem old = Item(1, now.AddHours(-9));
        BackupItem full = Item(2, now.AddHours(-8));
        BackupItem differential = Item(3, now) with { Kind = BackupKind.Differential, BaseId = full.Id };
        BackupItem damaged = Item(4, now.AddHours(-20)) with { Fault = "it is cut off" };

        Assert.Equal([old], BackupCatalog.FindExpired([old, full, differential, damaged], 1, TimeSpan.FromHours(1), now));
    }

    private static BackupItem Item(int name, DateTimeOffset createdAt) => new(
        $"{name}", Guid.CreateVersion7(), BackupKind.Full, null, DatabaseEngine.Sqlite, createdAt, 1, 1, null);

    private static Task<BackupWorld> ScheduledAsync(params (string Key, string Value)[] settings) =>
        BackupWorld.CreateAsync(DatabaseEngine.Sqlite, [("Backup:Schedule", "00:05:00"), .. settings]);

    private static Task<IReadOnlyList<string>> EventsAsync(BackupWorld world) => world.Database.ReadAsync(
        session => session.QueryAsync<string>("select type from events_outbox order by id"), Cancellation);

    private static async Task UntilAsync(Func<bool> isMet)
    {
        while (!isMet())
        {
            await Task.Delay(10, Cancellation);
        }
    }
}
