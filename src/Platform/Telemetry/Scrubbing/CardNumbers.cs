namespace Iskra.Platform.Telemetry.Scrubbing;

/// <summary>Finds card numbers in text.</summary>
internal static class CardNumbers
{
    public const long SmallestNumber = 1_000_000_000_000;

    private const int DigitsMin = 13;
    private const int DigitsMax = 19;

    /// <summary>Digits of a run that are looked at; a longer run is looked at piece by piece.</summary>
    private const int RunMax = 64;

    private const int HexRunMin = 24;
    private const int HexRunSeen = 64;
    private const int UuidLength = 36;

    /// <summary>The first card number at or after a position.</summary>
    public static Finding Find(ReadOnlySpan<char> text, int from)
    {
        Span<int> places = stackalloc int[RunMax];
        int at = from;
        while (at < text.Length)
        {
            int next = text[at..].IndexOfAnyInRange('0', '9');
            if (next < 0)
            {
                break;
            }

            at += next;
            int count = ReadRun(text, at, places, out int end);
            if (count >= DigitsMin && FindInRun(text, places[..count]) is { Length: > 0 } found)
            {
                return found;
            }

            at = end;
        }

        return Finding.None;
    }

    /// <summary>
    /// The places of the digits of a run, in which a separator may stand between two digits, and where the run ends. A run that is longer
    /// than the buffer goes on, with an overlap, at the end that is returned.
    /// </summary>
    private static int ReadRun(ReadOnlySpan<char> text, int start, Span<int> places, out int end)
    {
        int count = 0;
        int at = start;
        while (at < text.Length && count < places.Length)
        {
            if (char.IsAsciiDigit(text[at]))
            {
                places[count++] = at++;
                continue;
            }

            int separator = SeparatorLength(text[at..]);
            if (separator == 0 || at + separator >= text.Length || !char.IsAsciiDigit(text[at + separator]))
            {
                break;
            }

            at += separator;
        }

        end = count == places.Length ? places[count - DigitsMax] : at;
        return count;
    }

    /// <summary>A space (a no-break one too), a dash, and how addresses write a space.</summary>
    private static int SeparatorLength(ReadOnlySpan<char> text) => text[0] switch
    {
        ' ' or '-' or '+' or '\u00A0' => 1,
        '%' when text.StartsWith("%20") => 3,
        _ => 0,
    };

    private static Finding FindInRun(ReadOnlySpan<char> text, ReadOnlySpan<int> places)
    {
        for (int first = 0; first + DigitsMin <= places.Length; first++)
        {
            // Numbers begin and end where their digits do, unless the run is longer than any card: then it could be anywhere in it.
            if (first > 0 && places[first] == places[first - 1] + 1 && !IsLong(places))
            {
                continue;
            }

            for (int length = Math.Min(DigitsMax, places.Length - first); length >= DigitsMin; length--)
            {
                int last = first + length - 1;
                bool ends = last == places.Length - 1 || places[last + 1] != places[last] + 1;
                if ((ends || (IsLong(places) && length == 16)) && IsCard(text, places.Slice(first, length)))
                {
                    return new Finding(places[first], places[last] - places[first] + 1, SecretKind.Card);
                }
            }
        }

        return Finding.None;
    }

    private static bool IsLong(ReadOnlySpan<int> places) => places.Length > DigitsMax && places[^1] - places[0] == places.Length - 1;

    private static bool IsCard(ReadOnlySpan<char> text, ReadOnlySpan<int> places)
    {
        // No scheme's numbers begin with 0, 1 or 7; instants in microseconds begin with 1 until the year 2033.
        if (text[places[0]] is '0' or '1' or '7')
        {
            return false;
        }

        int sum = 0;
        bool doubles = false;
        for (int index = places.Length - 1; index >= 0; index--)
        {
            int digit = text[places[index]] - '0';
            int weighted = doubles ? digit * 2 : digit;
            sum += weighted > 9 ? weighted - 9 : weighted;
            doubles = !doubles;
        }

        return sum % 10 == 0 && !IsPartOfAnId(text, places[0], places[^1]);
    }

    /// <summary>
    /// Digits within a UUID or a long hexadecimal number (a trace id, a hash) are no card's, though one in ten passes Luhn.
    /// </summary>
    private static bool IsPartOfAnId(ReadOnlySpan<char> text, int start, int last)
    {
        for (int from = Math.Max(0, start - UuidLength + 1); from <= start; from++)
        {
            if (from + UuidLength <= text.Length && text[from + 8] == '-' && Guid.TryParseExact(text.Slice(from, UuidLength), "D", out _))
            {
                return true;
            }
        }

        int left = start;
        while (left > 0 && start - left < HexRunSeen && char.IsAsciiHexDigit(text[left - 1]))
        {
            left--;
        }

        int right = last;
        while (right + 1 < text.Length && right - last < HexRunSeen && char.IsAsciiHexDigit(text[right + 1]))
        {
            right++;
        }

        return right - left + 1 >= HexRunMin && text[left..(right + 1)].ContainsAnyExceptInRange('0', '9')
            && !text[start..(last + 1)].ContainsAnyExceptInRange('0', '9');
    }
}
