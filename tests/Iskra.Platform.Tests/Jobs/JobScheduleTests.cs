using Iskra.Platform.Data;
using Iskra.Platform.Jobs.Schedules;
using Iskra.Platform.Tenancy;
using Iskra.Testing;
using Xunit;

namespace Iskra.Platform.Tests.Jobs;

public abstract class JobScheduleTests(DatabaseEngine engine)
{
    private static readonly JobSchedule Hourly = new() { Name = "hourly", Type = JobsFixture.Type, Cron = "0 * * * *" };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunDue_TwoProcesses_GiveOneJobForEachTime()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        TestTimeProvider time = new();
        JobSchedules first = fixture.Process(time: time).Get<JobSchedules>();
        JobSchedules second = fixture.Process(time: time).Get<JobSchedules>();
        Assert.Null(await first.SetAsync(Hourly, Token));
        for (int hour = 1; hour <= 3; hour++)
        {
            await Task.WhenAll(first.RunDueAsync(Token), second.RunDueAsync(Token));
            Assert.Equal(hour - 1, await fixture.CountAsync("jobs"));
            time.Advance(TimeSpan.FromHours(1));
        }

        JobSchedule stored = Assert.Single(await first.ListAsync(TenantId.Default, Token));
        Assert.Equal(time.GetUtcNow(), stored.NextAt);
        Assert.Equal(time.GetUtcNow().AddHours(-1), stored.LastAt);
        Assert.NotNull(stored.LastJobId);
    }

    [Fact]
    public async Task RunDue_TimesThatWereMissed_RunOnce()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        TestTimeProvider time = new();
        JobSchedules schedules = fixture.Process(time: time).Get<JobSchedules>();
        await schedules.SetAsync(Hourly, Token);
        time.Advance(TimeSpan.FromHours(10.5));
        await schedules.RunDueAsync(Token);
        await schedules.RunDueAsync(Token);

        Assert.Equal(1, await fixture.CountAsync("jobs"));
        Assert.Equal(time.GetUtcNow().AddMinutes(30), Assert.Single(await schedules.ListAsync(TenantId.Default, Token)).NextAt);
    }

    [Fact]
    public async Task Set_SameSchedule_KeepsItsNextTimeAndAnotherOneGetsItsOwn()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        TestTimeProvider time = new();
        JobSchedules schedules = fixture.Process(time: time).Get<JobSchedules>();
        await schedules.SetAsync(Hourly, Token);
        time.Advance(TimeSpan.FromHours(2.5));
        // A restart declares it again: the time that was missed meanwhile is not forgotten.
        await schedules.SetAsync(Hourly, Token);
        Assert.Equal(time.GetUtcNow().AddHours(-1.5), (await schedules.ListAsync(TenantId.Default, Token))[0].NextAt);
        await schedules.SetAsync(Hourly with { Cron = "0 0 * * *" }, Token);
        Assert.Equal(time.GetUtcNow().AddHours(21.5), (await schedules.ListAsync(TenantId.Default, Token))[0].NextAt);
        await schedules.SetAsync(Hourly with { IsEnabled = false }, Token);
        Assert.Null((await schedules.ListAsync(TenantId.Default, Token))[0].NextAt);
        Assert.False(await schedules.DeleteAsync(new TenantId(2), "hourly", Token));
        Assert.True(await schedules.DeleteAsync(TenantId.Default, "hourly", Token));
        Assert.Empty(await schedules.ListAsync(TenantId.Default, Token));
    }

    [Fact]
    public async Task Set_BadSchedule_SaysWhatIsWrong()
    {
        await using JobsFixture fixture = await JobsFixture.OpenAsync(engine);
        JobSchedules schedules = fixture.Process().Get<JobSchedules>();
        Assert.Contains("cron", await schedules.SetAsync(Hourly with { Cron = "x" }, Token), StringComparison.Ordinal);
        Assert.Contains("time zone", await schedules.SetAsync(Hourly with { TimeZone = "Mars/Base" }, Token), StringComparison.Ordinal);
        Assert.Contains("job type", await schedules.SetAsync(Hourly with { Type = "test.unknown" }, Token), StringComparison.Ordinal);
        Assert.Contains("name", await schedules.SetAsync(Hourly with { Name = "" }, Token), StringComparison.Ordinal);
        Assert.Equal(0, await fixture.CountAsync("jobs_schedules"));
    }
}
