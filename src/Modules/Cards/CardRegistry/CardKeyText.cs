using System.Globalization;
using System.Text.Json;
using Iskra.Platform.Hosting;

namespace Iskra.Modules.Cards.CardRegistry;

/// <summary>
/// The written forms of a key ring: JSON (<c>{"keys":[{"version":1,"encryption":"…","lookup":"…"}]}</c>, each key 32 bytes in
/// base64), or the
/// short <c>version:base64</c> list, comma-separated, where the base64 holds 64 bytes: first the encryption key, then the look-up key.
/// </summary>
internal static class CardKeyText
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <param name="text">Either form.</param>
    /// <param name="source">Where it comes from, for the error: never the text itself.</param>
    /// <exception cref="StartupException">It can't be read; the message holds nothing of the keys.</exception>
    public static CardKeyRing Parse(string text, string source)
    {
        try
        {
            List<CardKey> keys = text.TrimStart().StartsWith('{') ? FromJson(text) : FromList(text);
            if (keys.Count == 0 || keys.Exists(key => key.Version < 1) || keys.DistinctBy(key => key.Version).Count() != keys.Count)
            {
                throw new FormatException("It needs at least one key, and each a version of its own from 1.");
            }

            if (keys.Exists(key => key.Encryption.Length != CardKey.SizeBytes || key.Lookup.Length != CardKey.SizeBytes))
            {
                throw new FormatException("Each key must have 32 bytes.");
            }

            return new CardKeyRing(keys);
        }
        catch (FormatException exception)
        {
            throw new StartupException(ExitCode.BadConfiguration, $"The card keys in {source} can't be used. {exception.Message}");
        }
        catch (JsonException)
        {
            throw new StartupException(ExitCode.BadConfiguration, $"The card keys in {source} are not valid JSON.");
        }
    }

    public static string ToJson(CardKeyRing ring) => JsonSerializer.Serialize(
        new RingFile([.. ring.Keys.Select(key => new KeyFile(key.Version, key.Encryption, key.Lookup, key.CreatedAt))]), Json);

    private static List<CardKey> FromJson(string text) =>
        [.. (JsonSerializer.Deserialize<RingFile>(text, Json)?.Keys ?? [])
            .Select(key => new CardKey(key.Version, key.Encryption ?? [], key.Lookup ?? [], key.CreatedAt))];

    private static List<CardKey> FromList(string text) =>
        [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(FromItem)];

    private static CardKey FromItem(string item)
    {
        int colon = item.IndexOf(':', StringComparison.Ordinal);
        byte[] bytes = new byte[2 * CardKey.SizeBytes];
        if (colon < 1
            || !int.TryParse(item.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out int version)
            || !Convert.TryFromBase64String(item[(colon + 1)..], bytes, out int written)
            || written != bytes.Length)
        {
            throw new FormatException("Each item must read version:base64 with 64 bytes.");
        }

        return new CardKey(version, bytes[..CardKey.SizeBytes], bytes[CardKey.SizeBytes..], null);
    }

    private sealed record RingFile(List<KeyFile>? Keys);

    private sealed record KeyFile(int Version, byte[]? Encryption, byte[]? Lookup, DateTimeOffset? CreatedAt);
}
