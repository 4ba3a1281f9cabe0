using System.Buffers;

namespace Iskra.Modules.Cards.CardRegistry;

/// <summary>The rules of a card number (ISO/IEC 7812-1), and what of it may be shown. Pure; a number never enters a message.</summary>
internal static class CardNumber
{
    public const int LengthMin = 12;

    public const int LengthMax = 19;

    public const int BinLength = 6;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");

    /// <summary>What is wrong, without a digit of it; null when nothing is.</summary>
    public static string? FindFault(ReadOnlySpan<char> number)
    {
        if (number.ContainsAnyExcept(Digits))
        {
            return "must hold digits only, without spaces or dashes";
        }

        if (number.Length is < LengthMin or > LengthMax)
        {
            return $"must have {LengthMin} to {LengthMax} digits";
        }

        return PassesLuhn(number) ? null : "has a wrong check digit";
    }

    public static string Bin(string number) => number[..BinLength];

    public static string Last4(string number) => number[^4..];

    /// <summary>
    /// Whether a text from elsewhere (a column of a file) could be a card number, dashes and spaces between digits included.
    /// </summary>
    public static bool LooksLikeOne(ReadOnlySpan<char> text)
    {
        if (text.Length < LengthMin)
        {
            return false;
        }

        Span<char> digits = stackalloc char[LengthMax + 1];
        int count = 0;
        foreach (char character in text)
        {
            if (char.IsAsciiDigit(character))
            {
                if (count < digits.Length)
                {
                    digits[count++] = character;
                }
            }
            else if (character is not (' ' or '-'))
            {
                if (IsNumber(digits[..count]))
                {
                    return true;
                }

                count = 0;
            }
        }

        return IsNumber(digits[..count]);
    }

    /// <summary>The text, or only the first six and last four digits of it when it could be a card number.</summary>
    public static string MaskIfLikely(string text)
    {
        if (!LooksLikeOne(text))
        {
            return text;
        }

        string digits = string.Concat(text.Where(char.IsAsciiDigit));
        return $"{digits[..BinLength]}…{digits[^4..]}";
    }

    private static bool IsNumber(ReadOnlySpan<char> digits) => digits.Length is >= LengthMin and <= LengthMax && PassesLuhn(digits);

    private static bool PassesLuhn(ReadOnlySpan<char> digits)
    {
        int sum = 0;
        for (int index = 0; index < digits.Length; index++)
        {
            int digit = digits[^(index + 1)] - '0';
            int weighted = index % 2 == 0 ? digit : digit * 2;
            sum += weighted > 9 ? weighted - 9 : weighted;
        }

        return sum % 10 == 0;
    }
}
