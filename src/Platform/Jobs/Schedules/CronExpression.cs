using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Iskra.Platform.Jobs.Schedules;

/// <summary>
/// The five fields of a POSIX crontab line (minute, hour, day of month, month, day of week; numbers, names, lists, ranges, steps), in a
/// time zone. When both days are restricted, either one suffices, as cron has it. Immutable.
/// </summary>
/// <remarks>
/// At the change of clocks: a time that is skipped runs at the first instant after the gap; a time that comes twice runs at its first
/// coming. A schedule whose hour is <c>*</c> follows the hours that pass instead: nothing for skipped ones, and twice for repeated ones.
/// </remarks>
public sealed class CronExpression
{
    // Over the eight years between two leap days around a century that has none.
    private const int DaysMax = 366 * 9;
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    private readonly ulong _minutes;
    private readonly ulong _hours;
    private readonly ulong _daysOfMonth;
    private readonly ulong _months;
    private readonly ulong _daysOfWeek;
    private readonly bool _anyDayOfMonth;
    private readonly bool _anyDayOfWeek;
    private readonly bool _anyHour;

    private CronExpression(string text, string[] fields, ulong[] sets)
    {
        Text = text;
        _minutes = sets[0];
        _hours = sets[1];
        _daysOfMonth = sets[2];
        _months = sets[3];
        // 7 is Sunday as well.
        _daysOfWeek = (sets[4] | (sets[4] >> 7)) & 0x7F;
        _anyHour = fields[1].StartsWith('*');
        _anyDayOfMonth = fields[2].StartsWith('*');
        _anyDayOfWeek = fields[4].StartsWith('*');
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>Reads an expression; <paramref name="fault"/> says what is wrong with it.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out CronExpression? expression, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        expression = null;
        string[] fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (fields.Length != 5)
        {
            fault = "needs five fields: minute, hour, day of month, month, day of week";
            return false;
        }

        ulong[] sets = new ulong[5];
        fault = Field(fields[0], "minute", 0, 59, [], ref sets[0])
            ?? Field(fields[1], "hour", 0, 23, [], ref sets[1])
            ?? Field(fields[2], "day of month", 1, 31, [], ref sets[2])
            ?? Field(fields[3], "month", 1, 12, Months, ref sets[3])
            ?? Field(fields[4], "day of week", 0, 7, Days, ref sets[4]);
        if (fault is not null)
        {
            return false;
        }

        CronExpression parsed = new(text, fields, sets);
        if (parsed.Next(DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc) is null)
        {
            fault = "never comes: no month has that day";
            return false;
        }

        expression = parsed;
        return true;
    }

    /// <summary>The first instant after <paramref name="after"/>, in UTC; null when there is none in nine years.</summary>
    public DateTimeOffset? Next(DateTimeOffset after, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        // From the day before: of a day that the clock's change has shifted a part may still be to come.
        DateOnly day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(after, zone).DateTime).AddDays(-1);
        for (int i = 0; i < DaysMax && day < DateOnly.MaxValue; i++, day = day.AddDays(1))
        {
            if (IsDay(day) && FirstOn(day, after, zone) is { } instant)
            {
                return instant;
            }
        }

        return null;
    }

    private static bool Has(ulong set, int value) => (set & (1UL << value)) != 0;

    private static string? Field(string text, string name, int min, int max, string[] names, ref ulong set)
    {
        foreach (string part in text.Split(','))
        {
            string[] stepped = part.Split('/');
            int step = 1;
            bool isWhole = stepped[0] == "*";
            if (stepped.Length > 2 || (stepped.Length == 2 && (!TryNumber(stepped[1], out step) || step < 1)))
            {
                return $"has a bad step in the {name}: '{part}'";
            }

            string[] range = stepped[0].Split('-');
            int from = min;
            int to = name == "day of week" ? 6 : max;
            if (!isWhole)
            {
                if (range.Length > 2 || !TryValue(range[0], names, min, out from) || !TryValue(range[^1], names, min, out to))
                {
                    return $"has a bad {name}: '{part}'";
                }

                // "5/15" counts from 5 to the end.
                to = range.Length == 1 && stepped.Length == 2 ? max : to;
            }

            if (from < min || to > max || from > to)
            {
                return string.Create(CultureInfo.InvariantCulture, $"has a {name} outside {min} to {max}: '{part}'");
            }

            for (int value = from; value <= to; value += step)
            {
                set |= 1UL << value;
            }
        }

        return null;
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static bool TryValue(string text, string[] names, int min, out int value)
    {
        int index = Array.FindIndex(names, name => string.Equals(name, text, StringComparison.OrdinalIgnoreCase));
        value = index + min;
        return index >= 0 || TryNumber(text, out value);
    }

    private bool IsDay(DateOnly day)
    {
        bool ofMonth = Has(_daysOfMonth, day.Day);
        bool ofWeek = Has(_daysOfWeek, (int)day.DayOfWeek);
        return Has(_months, day.Month)
            && (_anyDayOfMonth || _anyDayOfWeek ? ofMonth && ofWeek : ofMonth || ofWeek);
    }

    private DateTimeOffset? FirstOn(DateOnly day, DateTimeOffset after, TimeZoneInfo zone)
    {
        DateTimeOffset? first = null;
        for (int hour = 0; hour < 24; hour++)
        {
            for (int minute = 0; Has(_hours, hour) && minute < 60; minute++)
            {
                if (!Has(_minutes, minute))
                {
                    continue;
                }

                foreach (DateTimeOffset instant in Instants(day.ToDateTime(new TimeOnly(hour, minute)), zone))
                {
                    first = instant > after && (first is null || instant < first) ? instant : first;
                }
            }
        }

        return first;
    }

    private IEnumerable<DateTimeOffset> Instants(DateTime local, TimeZoneInfo zone)
    {
        if (zone.IsInvalidTime(local))
        {
            if (!_anyHour)
            {
                while (zone.IsInvalidTime(local))
                {
                    local = local.AddMinutes(1);
                }

                yield return Utc(local, zone.GetUtcOffset(local));
            }
        }
        else if (zone.IsAmbiguousTime(local))
        {
            TimeSpan[] offsets = zone.GetAmbiguousTimeOffsets(local);
            // The larger offset is the earlier instant.
            yield return Utc(local, offsets.Max());
            if (_anyHour)
            {
                yield return Utc(local, offsets.Min());
            }
        }
        else
        {
            yield return Utc(local, zone.GetUtcOffset(local));
        }
    }

    private static DateTimeOffset Utc(DateTime local, TimeSpan offset) =>
        new DateTimeOffset(DateTime.SpecifyKind(local, DateTimeKind.Unspecified), offset).ToUniversalTime();
}
