using System.Globalization;
using Iskra.Platform.Jobs.Schedules;
using Xunit;

namespace Iskra.Platform.Tests.Jobs;

public sealed class CronExpressionTests
{
    [Theory]
    [InlineData("* * * * *", "2026-01-01T00:00:30Z", "2026-01-01T00:01:00Z")]
    [InlineData("0 0 * * *", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")]
    [InlineData("*/15 8-18/2 * * mon-fri", "2026-01-02T18:45:00Z", "2026-01-05T08:00:00Z")]
    [InlineData("5/20 * * * *", "2026-01-01T00:06:00Z", "2026-01-01T00:25:00Z")]
    [InlineData("0,30 1 * * *", "2026-01-01T01:00:00Z", "2026-01-01T01:30:00Z")]
    [InlineData("0 12 1 JAN,jul *", "2026-01-01T12:00:00Z", "2026-07-01T12:00:00Z")]
    [InlineData("0 0 29 2 *", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("0 0 29 2 *", "2096-03-01T00:00:00Z", "2104-02-29T00:00:00Z")]
    [InlineData("0 0 31 * *", "2026-01-31T00:00:00Z", "2026-03-31T00:00:00Z")]
    [InlineData("0 0 * * 7", "2026-01-01T00:00:00Z", "2026-01-04T00:00:00Z")]
    [InlineData("0 0 * * 0", "2026-01-01T00:00:00Z", "2026-01-04T00:00:00Z")]
    [InlineData("0 0 13 * 5", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")]
    [InlineData("0 0 13 * 5", "2026-01-09T00:00:00Z", "2026-01-13T00:00:00Z")]
    [InlineData("0 0 */10 * 1", "2026-01-01T00:00:00Z", "2026-05-11T00:00:00Z")]
    public void Next_InUtc_IsTheFirstMatchAfter(string cron, string after, string expected) => Check(cron, "UTC", after, expected);

    [Theory]
    // Berlin, 29 March 2026: 02:00 becomes 03:00. A time in the gap runs at its end; the hours themselves just pass.
    [InlineData("30 2 * * *", "2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("*/10 2 * * *", "2026-03-28T02:00:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("*/10 2 * * *", "2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z")]
    [InlineData("30 * * * *", "2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z")]
    [InlineData("0 3 * * *", "2026-03-28T02:00:00Z", "2026-03-29T01:00:00Z")]
    // 25 October 2026: 03:00 becomes 02:00. A time that comes twice runs once; the hours that pass all run.
    [InlineData("30 2 * * *", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z")]
    [InlineData("30 2 * * *", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z")]
    [InlineData("30 * * * *", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z")]
    [InlineData("0 4 * * *", "2026-10-24T12:00:00Z", "2026-10-25T03:00:00Z")]
    public void Next_AtTheChangeOfClocks_FollowsThePolicy(string cron, string after, string expected) =>
        Check(cron, "Europe/Berlin", after, expected);

    [Theory]
    // Half an hour of summer time, and a clock that skips midnight.
    [InlineData("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00:00Z", "2026-10-03T15:30:00Z")]
    [InlineData("0 0 * * *", "Africa/Cairo", "2026-04-23T12:00:00Z", "2026-04-23T22:00:00Z")]
    [InlineData("0 9 * * *", "Asia/Kolkata", "2026-01-01T00:00:00Z", "2026-01-01T03:30:00Z")]
    [InlineData("0 9 * * *", "Europe/Moscow", "2026-07-01T00:00:00Z", "2026-07-01T06:00:00Z")]
    public void Next_InOtherZones_IsTheirLocalTime(string cron, string zone, string after, string expected) =>
        Check(cron, zone, after, expected);

    [Theory]
    [InlineData("* * * *", "five fields")]
    [InlineData("60 * * * *", "minute outside 0 to 59")]
    [InlineData("* 24 * * *", "hour outside")]
    [InlineData("* * 0 * *", "day of month outside")]
    [InlineData("* * * 13 *", "month outside")]
    [InlineData("* * * * 8", "day of week outside")]
    [InlineData("*/0 * * * *", "bad step")]
    [InlineData("5-1 * * * *", "outside")]
    [InlineData("1-2-3 * * * *", "bad minute")]
    [InlineData("a * * * *", "bad minute")]
    [InlineData(", * * * *", "bad minute")]
    [InlineData("0 0 30 2 *", "never comes")]
    public void TryParse_BadExpression_SaysWhatIsWrong(string cron, string fault)
    {
        Assert.False(CronExpression.TryParse(cron, out _, out string? found));
        Assert.Contains(fault, found, StringComparison.Ordinal);
    }

    [Fact]
    public void Next_AnyInstant_IsLaterAndNothingLiesBetween()
    {
        TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        Random random = new(1);
        for (int i = 0; i < 200; i++)
        {
            string text = $"{random.Next(60)} {random.Next(24)} * * *";
            Assert.True(CronExpression.TryParse(text, out CronExpression? cron, out _));
            DateTimeOffset after = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(random.Next(525_600));
            DateTimeOffset next = cron.Next(after, zone)!.Value;
            Assert.True(next > after);
            // A daily schedule is never more than a day and the clock's hour away.
            Assert.True(next - after <= TimeSpan.FromHours(25), $"{text} after {after:O} gave {next:O}");
            Assert.Equal(next, cron.Next(next.AddTicks(-1), zone));
        }
    }

    private static void Check(string cron, string zone, string after, string expected)
    {
        Assert.True(CronExpression.TryParse(cron, out CronExpression? expression, out string? fault), fault);
        DateTimeOffset? next = expression.Next(Instant(after), TimeZoneInfo.FindSystemTimeZoneById(zone));
        Assert.Equal(Instant(expected), next);
    }

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
