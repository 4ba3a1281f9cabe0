using System.Security.Cryptography;

namespace Iskra.Platform.Security;

/// <summary>How a key looks: <c>isk_</c>, 8 characters to tell keys apart, <c>_</c>, 43 random characters (256 bits).</summary>
internal static class ApiKeyFormat
{
    internal const string Start = "isk_";
    internal const int PrefixLength = 8;

    /// <summary>A key from the environment may have any form, but not be shorter than this.</summary>
    internal const int LengthMin = 24;

    internal const int LengthMax = 200;

    private const int SecretLength = 43;
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    internal static string NewPrefix() => RandomNumberGenerator.GetString(Alphabet, PrefixLength);

    internal static string NewKey(string prefix) => $"{Start}{prefix}_{RandomNumberGenerator.GetString(Alphabet, SecretLength)}";

    /// <summary>What can't be a key is refused before the database is asked.</summary>
    internal static bool IsPlausible(ReadOnlySpan<char> key) =>
        key.Length is >= LengthMin and <= LengthMax && !key.ContainsAnyExceptInRange('!', '~');
}
