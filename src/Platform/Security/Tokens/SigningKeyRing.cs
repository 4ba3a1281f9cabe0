namespace Iskra.Platform.Security.Tokens;

/// <summary>The signing keys at one moment, oldest first. Immutable.</summary>
internal sealed class SigningKeyRing
{
    private readonly SigningKey[] _keys;

    internal SigningKeyRing(IEnumerable<SigningKey> keys) =>
        _keys = [.. keys.OrderBy(key => key.ActiveAt).ThenBy(key => key.Kid, StringComparer.Ordinal)];

    internal static SigningKeyRing Empty { get; } = new([]);

    internal IReadOnlyList<SigningKey> Keys => _keys;

    internal SigningKey? Newest => _keys.Length == 0 ? null : _keys[^1];

    internal SigningKey? Find(ReadOnlySpan<char> kid)
    {
        foreach (SigningKey key in _keys)
        {
            if (kid.SequenceEqual(key.Kid))
            {
                return key;
            }
        }

        return null;
    }

    /// <summary>The newest key that is active; null when there is none.</summary>
    internal SigningKey? SignerAt(long now) => Array.FindLast(_keys, key => key.ActiveAt <= now);

    /// <summary>Keys that were replaced before this moment: whatever they signed has ended when the moment is a token's life ago.</summary>
    internal string[] EndedBefore(long moment)
    {
        int current = Array.FindLastIndex(_keys, key => key.ActiveAt <= moment);
        return current <= 0 ? [] : [.. _keys[..current].Select(key => key.Kid)];
    }
}
