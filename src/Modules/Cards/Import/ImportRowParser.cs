using System.Globalization;
using Iskra.Modules.Cards.Contracts;
using Iskra.Modules.Cards.Ledger;
using Iskra.Platform.Data;

namespace Iskra.Modules.Cards.Import;

/// <summary>Turns a row's texts into a payment, or says why not. A reason never repeats what the row holds.</summary>
internal sealed class ImportRowParser
{
    /// <summary>Characters of an id, a customer or a merchant.</summary>
    public const int KeyLengthMax = 64;

    private const int AmountLengthMax = 30;

    // "2018-04-01T00:00:31": read by hand, because a general parser takes longer than all the rest of the row.
    private const int PlainTimeLength = 19;

    private readonly ColumnPositions _columns;
    private readonly TimeZoneInfo _timeZone;
    private readonly int _decimals;
    private readonly bool _rounds;

    public ImportRowParser(ColumnPositions columns, ImportSettings settings)
    {
        _columns = columns;
        _timeZone = settings.TimeZone;
        _decimals = Currencies.DecimalsOf(settings.Currency);
        _rounds = settings.RoundsAmounts;
    }

    /// <summary>Null when <paramref name="row"/> is good.</summary>
    public string? Parse(CsvRowReader reader, out ImportRow row)
    {
        row = default;
        if (reader.Fault is not null)
        {
            return $"the row {reader.Fault}";
        }

        if (reader.FieldCount <= _columns.Last)
        {
            return "the row has fewer fields than the first line";
        }

        ReadOnlySpan<char> id = reader.Field(_columns.Id).Trim();
        ReadOnlySpan<char> customer = reader.Field(_columns.Customer).Trim();
        ReadOnlySpan<char> merchant = reader.Field(_columns.Merchant).Trim();
        string? fault = FindKeyFault(id, "id") ?? FindKeyFault(customer, "customer") ?? FindKeyFault(merchant, "merchant");
        if (fault is not null)
        {
            return fault;
        }

        fault = ParseTime(reader.Field(_columns.Time).Trim(), out long occurredAt);
        fault ??= ParseAmount(reader.Field(_columns.Amount).Trim(), out long amountMinor)
            ?? Assign(out row, id, customer, merchant, occurredAt, amountMinor);
        return fault;
    }

    /// <summary>An amount in major units with a point, as "57.16".</summary>
    internal string? ParseAmount(ReadOnlySpan<char> text, out long amountMinor)
    {
        amountMinor = 0;
        if (text.IsEmpty || text.Length > AmountLengthMax)
        {
            return text.IsEmpty ? "the amount is empty" : "the amount is too long";
        }

        int point = text.IndexOf('.');
        ReadOnlySpan<char> whole = point < 0 ? text : text[..point];
        ReadOnlySpan<char> fraction = point < 0 ? default : text[(point + 1)..];
        bool negative = whole.StartsWith("-");
        whole = whole.TrimStart('-');
        if ((whole.IsEmpty && fraction.IsEmpty) || !IsDigits(whole) || !IsDigits(fraction))
        {
            return "the amount is not a number such as 57.16";
        }

        // "146.0" and "12.500" say no more than the currency can: zeros at the end are not decimals.
        fraction = fraction.TrimEnd('0');
        bool up = fraction.Length > _decimals && fraction[_decimals] >= '5';
        if (fraction.Length > _decimals && !_rounds)
        {
            return $"the amount has more than the currency's {_decimals} decimals";
        }

        UInt128 total = 0;
        foreach (char digit in whole)
        {
            total = (total * 10) + (uint)(digit - '0');
        }

        for (int index = 0; index < _decimals; index++)
        {
            total = (total * 10) + (uint)(index < fraction.Length ? fraction[index] - '0' : 0);
        }

        total += up ? 1u : 0u;
        if (total == 0 || negative)
        {
            return "the amount is not above zero";
        }

        if (total > LedgerLimits.AmountMinorMax)
        {
            return "the amount is beyond the limit";
        }

        amountMinor = (long)total;
        return null;
    }

    /// <summary>ISO 8601 with or without an offset; without one it is in the file's time zone.</summary>
    internal string? ParseTime(ReadOnlySpan<char> text, out long microseconds)
    {
        microseconds = 0;
        DateTime local;
        if (!TryParsePlain(text, out local))
        {
            if (!HasOffset(text))
            {
                if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out local) || !StartsWithYear(text))
                {
                    return "the time is not a date and time such as 2018-04-01T00:00:31";
                }
            }
            else if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset exact)
                && StartsWithYear(text))
            {
                microseconds = Instants.ToMicroseconds(exact);
                return CheckRange(microseconds);
            }
            else
            {
                return "the time is not a date and time such as 2018-04-01T00:00:31";
            }
        }

        if (!ReferenceEquals(_timeZone, TimeZoneInfo.Utc))
        {
            if (_timeZone.IsInvalidTime(local))
            {
                return "the time doesn't exist in the time zone: the clocks went forward";
            }

            local = TimeZoneInfo.ConvertTimeToUtc(DateTime.SpecifyKind(local, DateTimeKind.Unspecified), _timeZone);
        }

        microseconds = (local.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        return CheckRange(microseconds);
    }

    private static string? Assign(
        out ImportRow row,
        ReadOnlySpan<char> id,
        ReadOnlySpan<char> customer,
        ReadOnlySpan<char> merchant,
        long occurredAt,
        long amountMinor)
    {
        row = new ImportRow { Id = id, Customer = customer, Merchant = merchant, OccurredAt = occurredAt, AmountMinor = amountMinor };
        return null;
    }

    private static string? FindKeyFault(ReadOnlySpan<char> key, string what)
    {
        if (key.IsEmpty)
        {
            return $"the {what} is empty";
        }

        if (key.Length > KeyLengthMax)
        {
            return $"the {what} is longer than {KeyLengthMax} characters";
        }

        foreach (char character in key)
        {
            if (char.IsControl(character) || char.IsSurrogate(character) || character == '\uFFFD')
            {
                return $"the {what} holds characters that can't be stored, or the file is not UTF-8";
            }
        }

        return null;
    }

    // Ids carry the time from 1970 on; and 2199 is surely a slip.
    private static string? CheckRange(long microseconds) =>
        microseconds is > 0 and < 7_258_118_400_000_000 ? null : "the time is not between the years 1970 and 2199";

    private static bool TryParsePlain(ReadOnlySpan<char> text, out DateTime time)
    {
        time = default;
        if (text.Length != PlainTimeLength || text[4] != '-' || text[7] != '-' || text[10] is not ('T' or ' ') || text[13] != ':'
            || text[16] != ':')
        {
            return false;
        }

        int year = (Number(text, 0) * 100) + Number(text, 2);
        int month = Number(text, 5);
        int day = Number(text, 8);
        int hour = Number(text, 11);
        int minute = Number(text, 14);
        int second = Number(text, 17);
        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || hour is < 0 or > 23 || minute is < 0 or > 59
            || second is < 0 or > 59
            || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        time = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Unspecified);
        return true;
    }

    /// <summary>Two digits; far below zero when they are none.</summary>
    private static int Number(ReadOnlySpan<char> text, int at) =>
        char.IsAsciiDigit(text[at]) && char.IsAsciiDigit(text[at + 1]) ? ((text[at] - '0') * 10) + (text[at + 1] - '0') : -10_000;

    private static bool StartsWithYear(ReadOnlySpan<char> text) =>
        text.Length >= 10 && IsDigits(text[..4]) && text[4] == '-' && text[7] == '-';

    private static bool HasOffset(ReadOnlySpan<char> text) => text.Length > 10 && text[10..].IndexOfAny("Zz+-") >= 0;

    private static bool IsDigits(ReadOnlySpan<char> text)
    {
        foreach (char character in text)
        {
            if (!char.IsAsciiDigit(character))
            {
                return false;
            }
        }

        return true;
    }
}
