using Iskra.Platform.Data;

namespace Iskra.Platform.Tests.Data;

public sealed class InstantsTests
{
    [Theory]
    [InlineData("1970-01-01T00:00:00Z", 0)]
    [InlineData("1970-01-01T03:00:00.000001+03:00", 1)]
    [InlineData("2026-01-02T03:04:05.678901Z", 1767323045678901)]
    [InlineData("1969-12-31T23:59:59.9999999Z", -1)]
    [InlineData("1970-01-01T00:00:00.0000019Z", 1)]
    public void ToMicroseconds_Instant_CountsFromTheEpochAndCutsOffTheRest(string instant, long expected) =>
        Assert.Equal(expected, Instants.ToMicroseconds(DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1767323045678901)]
    public void FromMicroseconds_Stored_ComesBack(long microseconds)
    {
        DateTimeOffset instant = Instants.FromMicroseconds(microseconds);

        Assert.Equal(TimeSpan.Zero, instant.Offset);
        Assert.Equal(microseconds, Instants.ToMicroseconds(instant));
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void FromMicroseconds_BeyondTheCalendar_IsRefused(long microseconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Instants.FromMicroseconds(microseconds));

    [Fact]
    public void FromMicroseconds_EndsOfTheCalendar_ComeBack()
    {
        foreach (DateTimeOffset end in (DateTimeOffset[])[DateTimeOffset.MinValue, DateTimeOffset.MaxValue])
        {
            long stored = Instants.ToMicroseconds(end);
            Assert.Equal(stored, Instants.ToMicroseconds(Instants.FromMicroseconds(stored)));
        }
    }
}
