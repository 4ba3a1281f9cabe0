using Iskra.Modules.Cards.Import;

namespace Iskra.Cards.Tests.Import;

public sealed class ImportRowParserTests
{
    [Theory]
    [InlineData("57.16", "RUB", 5716)]
    [InlineData("146.0", "RUB", 14600)]
    [InlineData("146.000", "RUB", 14600)]
    [InlineData(".5", "RUB", 50)]
    [InlineData("7", "JPY", 7)]
    [InlineData("7.0", "JPY", 7)]
    [InlineData("1.234", "KWD", 1234)]
    [InlineData("90071992547409.91", "RUB", 9_007_199_254_740_991)]
    public void ParseAmount_Number_IsExact(string text, string currency, long expected)
    {
        Assert.Null(Parser(currency).ParseAmount(text, out long amount));
        Assert.Equal(expected, amount);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("abc", "not a number")]
    [InlineData("1e3", "not a number")]
    [InlineData("1,5", "not a number")]
    [InlineData("NaN", "not a number")]
    [InlineData(".", "not a number")]
    [InlineData("85.64999999999999", "decimals")]
    [InlineData("0.00", "above zero")]
    [InlineData("-5", "above zero")]
    [InlineData("90071992547409.92", "limit")]
    [InlineData("99999999999999999999999999999", "limit")]
    [InlineData("9999999999999999999999999999999999999999999999", "too long")]
    public void ParseAmount_WrongText_SaysWhy(string text, string part) =>
        Assert.Contains(part, Parser("RUB").ParseAmount(text, out _), StringComparison.Ordinal);

    [Theory]
    [InlineData("85.64999999999999", 8565)]
    [InlineData("1.005", 101)]
    [InlineData("1.0049", 100)]
    [InlineData("0.995", 100)]
    public void ParseAmount_Rounding_IsHalfUp(string text, long expected)
    {
        Assert.Null(Parser("RUB", rounds: true).ParseAmount(text, out long amount));
        Assert.Equal(expected, amount);
    }

    [Theory]
    [InlineData("2018-04-01T00:00:31", "UTC", 1_522_540_831)]
    [InlineData("2018-04-01 00:00:31", "UTC", 1_522_540_831)]
    [InlineData("2018-04-01T03:00:31+03:00", "UTC", 1_522_540_831)]
    [InlineData("2018-04-01T00:00:31Z", "Europe/Moscow", 1_522_540_831)]
    [InlineData("2018-04-01T03:00:31", "Europe/Moscow", 1_522_540_831)]
    [InlineData("2018-04-01", "UTC", 1_522_540_800)]
    public void ParseTime_Text_IsUtc(string text, string zone, long expected)
    {
        Assert.Null(Parser("RUB", zone).ParseTime(text, out long microseconds));
        Assert.Equal(expected * 1_000_000, microseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("2018-02-30T00:00:00")]
    [InlineData("2018-04-01T25:00:00")]
    [InlineData("01.04.2018 00:00")]
    [InlineData("1969-12-31T23:59:59")]
    [InlineData("2200-01-01T00:00:00")]
    public void ParseTime_WrongText_IsRefused(string text) => Assert.NotNull(Parser("RUB").ParseTime(text, out _));

    private static ImportRowParser Parser(string currency, string zone = "UTC", bool rounds = false) => new(
        new ColumnPositions(0, 1, 2, 3, 4),
        new ImportSettings
        {
            Currency = currency,
            TimeZone = zone == "UTC" ? TimeZoneInfo.Utc : TimeZoneInfo.FindSystemTimeZoneById(zone),
            RoundsAmounts = rounds,
        });
}
