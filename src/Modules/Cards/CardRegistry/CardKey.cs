namespace Iskra.Modules.Cards.CardRegistry;

/// <summary>
/// One version of the secrets: a key for the numbers and, apart from it, one for their look-up. Not a record: nothing prints it.
/// </summary>
internal sealed class CardKey
{
    public const int SizeBytes = 32;

    public CardKey(int version, byte[] encryption, byte[] lookup, DateTimeOffset? createdAt)
    {
        Version = version;
        Encryption = encryption;
        Lookup = lookup;
        CreatedAt = createdAt;
    }

    public int Version { get; }

    /// <summary>AES-256.</summary>
    public byte[] Encryption { get; }

    /// <summary>HMAC-SHA-256.</summary>
    public byte[] Lookup { get; }

    /// <summary>Null when the environment doesn't say.</summary>
    public DateTimeOffset? CreatedAt { get; }
}
