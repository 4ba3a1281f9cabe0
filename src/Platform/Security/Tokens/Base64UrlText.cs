using System.Buffers;
using System.Buffers.Text;

namespace Iskra.Platform.Security.Tokens;

/// <summary>
/// Base64url without padding (RFC 7515 §2), in its one canonical form: the framework's decoder also takes spaces, padding and stray bits at
/// the end, so that many texts would name the same bytes.
/// </summary>
internal static class Base64UrlText
{
    /// <summary>Decodes a text in canonical form into <paramref name="bytes"/>; false for others, and when it doesn't fit.</summary>
    internal static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes, out int length)
    {
        // The form with a status: the others throw at what they don't like.
        length = 0;
        if (text.Length % 4 == 1
            || !IsAlphabet(text)
            || Base64Url.DecodeFromChars(text, bytes, out int used, out length) != OperationStatus.Done
            || used != text.Length)
        {
            return false;
        }

        // Bits of the last character that no byte takes have to be zero.
        int unused = (text.Length % 4) switch { 2 => 0b1111, 3 => 0b11, _ => 0 };
        return (ValueOf(text, text.Length - 1) & unused) == 0;
    }

    private static bool IsAlphabet(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
            {
                return false;
            }
        }

        return true;
    }

    private static int ValueOf(ReadOnlySpan<char> text, int index) => index < 0 ? 0 : text[index] switch
    {
        >= 'A' and <= 'Z' and var c => c - 'A',
        >= 'a' and <= 'z' and var c => c - 'a' + 26,
        >= '0' and <= '9' and var c => c - '0' + 52,
        '-' => 62,
        _ => 63,
    };
}
