using System.Buffers;

namespace Iskra.Platform.Telemetry.Scrubbing;

/// <summary>Finds secrets that something in front of them gives away: the start of a key, a header's scheme, a name, an address.</summary>
internal static class Markers
{
    private const string JwtStart = "eyJ";
    private const string PemMark = "PRIVATE KEY-----";
    private const int PemLabelLengthMax = 20;
    private const string AddressMark = "://";

    // As it stands in a path, where slashes stay encoded.
    private const string EncodedAddressMark = ":%2F%2F";
    private const int OwnTokenLengthMin = 20;
    private const int JwtLengthMin = 20;
    private const int JwtLengthMax = 8_192;
    private const int NameLengthMax = 64;
    private const int HeaderTokenLengthMin = 6;
    private const int HeaderWordLengthMax = 20;

    private static readonly string[] OwnTokens = ["isk_", "isr_", "iss_"];
    private static readonly string[] Schemes = ["bearer ", "basic "];
    private static readonly string[] SecretNames =
        ["password", "passwd", "passphrase", "pwd", "secret", "token", "apikey", "api_key", "api-key", "session", "credential", "_key"];

    private static readonly SearchValues<string> Any = SearchValues.Create(
        [.. OwnTokens, .. Schemes, .. SecretNames, JwtStart, PemMark, AddressMark, EncodedAddressMark], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> Names = SearchValues.Create(SecretNames, StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-");

    private static readonly SearchValues<char> HeaderCharacters =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-.~+/=");

    private static readonly SearchValues<char> ValueEnds = SearchValues.Create(" \t\r\n;&,\"'<>(){}[]|");

    private static readonly SearchValues<char> AuthorityEnds = SearchValues.Create(" \t\r\n/?#\"'<>\\,;)");

    public static bool IsSecretName(ReadOnlySpan<char> name) => name.ContainsAny(Names);

    /// <summary>The first marked secret at or after a position.</summary>
    public static Finding Find(ReadOnlySpan<char> text, int from)
    {
        while (from < text.Length)
        {
            int next = text[from..].IndexOfAny(Any);
            if (next < 0)
            {
                break;
            }

            int at = from + next;
            if (Read(text, at) is { Length: > 0 } found)
            {
                return found;
            }

            from = at + 1;
        }

        return Finding.None;
    }

    private static Finding Read(ReadOnlySpan<char> text, int at)
    {
        ReadOnlySpan<char> rest = text[at..];
        if (StartsWithAny(rest, OwnTokens, out _))
        {
            int length = LengthOf(rest, TokenCharacters);
            return length >= OwnTokenLengthMin ? new Finding(at, length, SecretKind.Token) : Finding.None;
        }

        if (rest.StartsWith(JwtStart, StringComparison.Ordinal))
        {
            return Jwt(rest, at);
        }

        if (rest.StartsWith(AddressMark, StringComparison.Ordinal))
        {
            return Password(text, at + AddressMark.Length);
        }

        if (rest.StartsWith(EncodedAddressMark, StringComparison.OrdinalIgnoreCase))
        {
            return Password(text, at + EncodedAddressMark.Length);
        }

        if (rest.StartsWith(PemMark, StringComparison.OrdinalIgnoreCase))
        {
            return Pem(text, at);
        }

        if (StartsWithAny(rest, Schemes, out int scheme))
        {
            return HeaderToken(text, at + scheme);
        }

        return StartsWithAny(rest, SecretNames, out int name) ? Value(text, at + name) : Finding.None;
    }

    /// <summary>The body of a private key (RFC 7468); the line that ends one has no body.</summary>
    private static Finding Pem(ReadOnlySpan<char> text, int at)
    {
        int body = at + PemMark.Length;
        int end = text[body..].IndexOf("-----");
        int length = end < 0 ? text.Length - body : end;
        bool begins = text[Math.Max(0, at - PemLabelLengthMax)..at].Contains("BEGIN ", StringComparison.Ordinal);
        return begins && length > 0 ? new Finding(body, length, SecretKind.Token) : Finding.None;
    }

    /// <summary>Three parts of base64url, or two of an unsigned one.</summary>
    private static Finding Jwt(ReadOnlySpan<char> rest, int at)
    {
        rest = Start(rest, JwtLengthMax);
        int length = LengthOf(rest, TokenCharacters);
        int dots = 0;
        while (length < rest.Length && rest[length] == '.' && dots < 2)
        {
            dots++;
            length += 1 + LengthOf(rest[(length + 1)..], TokenCharacters);
        }

        return dots > 0 && length >= JwtLengthMin ? new Finding(at, length, SecretKind.Token) : Finding.None;
    }

    /// <summary>What stands after the scheme of a header, unless it is a word of a sentence.</summary>
    private static Finding HeaderToken(ReadOnlySpan<char> text, int at)
    {
        ReadOnlySpan<char> token = text.Slice(at, LengthOf(text[at..], HeaderCharacters));
        token = token.TrimEnd('.');
        bool isWord = token.Length <= HeaderWordLengthMax && !token.ContainsAnyInRange('0', '9');
        return token.Length < HeaderTokenLengthMin || isWord ? Finding.None : new Finding(at, token.Length, SecretKind.Token);
    }

    /// <summary><c>scheme://user:password@host</c>, also with a secret in place of the user.</summary>
    private static Finding Password(ReadOnlySpan<char> text, int at)
    {
        ReadOnlySpan<char> rest = text[at..];
        int end = rest.IndexOfAny(AuthorityEnds);
        ReadOnlySpan<char> authority = end < 0 ? rest : rest[..end];
        int host = authority.LastIndexOf('@');
        int colon = host < 0 ? -1 : authority[..host].IndexOf(':');
        int from = colon < 0 ? 0 : colon + 1;
        return host > from ? new Finding(at + from, host - from, SecretKind.Value) : Finding.None;
    }

    /// <summary>
    /// <c>name=value</c>, <c>name: value</c>, <c>"name": "value"</c>; the name may go on after the marker (<c>token_hint</c>).
    /// </summary>
    private static Finding Value(ReadOnlySpan<char> text, int at)
    {
        at += LengthOf(Start(text[at..], NameLengthMax), TokenCharacters);
        at = Skip(text, at, '\\', '"', '\'');
        at = Skip(text, at, ' ');
        if (at >= text.Length || text[at] is not ('=' or ':'))
        {
            return Finding.None;
        }

        at = Skip(text, at + 1, ' ');
        int quoted = Skip(text, at, '\\');
        bool hasQuote = quoted < text.Length && text[quoted] is '"' or '\'';
        ReadOnlySpan<char> rest = text[(hasQuote ? quoted + 1 : at)..];
        int start = hasQuote ? quoted + 1 : at;
        int end = hasQuote ? rest.IndexOf(text[quoted]) : rest.IndexOfAny(ValueEnds);
        int length = end < 0 ? rest.Length : end;
        if (length == 0 || IsHarmless(rest[..length]))
        {
            return Finding.None;
        }

        return StartsWithAny(rest, Schemes, out int scheme) && HeaderToken(text, start + scheme) is { Length: > 0 } header
            ? header
            : new Finding(start, length, SecretKind.Value);
    }

    /// <summary>What a mask, a type or an address looks like after "token:" is left alone.</summary>
    private static bool IsHarmless(ReadOnlySpan<char> value) =>
        value is "null" or "true" or "false" || value.StartsWith("//") || value.StartsWith("[secret") || value is "…" or "***";

    private static int Skip(ReadOnlySpan<char> text, int at, params ReadOnlySpan<char> characters)
    {
        while (at < text.Length && characters.Contains(text[at]))
        {
            at++;
        }

        return at;
    }

    private static ReadOnlySpan<char> Start(ReadOnlySpan<char> text, int length) => text.Length > length ? text[..length] : text;

    private static int LengthOf(ReadOnlySpan<char> text, SearchValues<char> characters)
    {
        int end = text.IndexOfAnyExcept(characters);
        return end < 0 ? text.Length : end;
    }

    private static bool StartsWithAny(ReadOnlySpan<char> text, string[] starts, out int length)
    {
        foreach (string start in starts)
        {
            if (text.StartsWith(start, StringComparison.OrdinalIgnoreCase))
            {
                length = start.Length;
                return true;
            }
        }

        length = 0;
        return false;
    }
}
