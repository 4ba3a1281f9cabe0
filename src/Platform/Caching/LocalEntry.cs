namespace Iskra.Platform.Caching;

/// <summary>One value in this process; <see cref="LocalLevel"/> links them by age.</summary>
/// <param name="key">Its key.</param>
/// <param name="value">The value; null for "there is none".</param>
/// <param name="size">Bytes, about.</param>
/// <param name="expiresAt">The clock's timestamp at which it ends.</param>
/// <param name="tags">With the tenant in each.</param>
internal sealed class LocalEntry(CacheKey key, object? value, int size, long expiresAt, string[] tags)
{
    private volatile bool _isMarked;

    public CacheKey Key { get; } = key;

    public object? Value { get; } = value;

    public int Size { get; } = size;

    public long ExpiresAt { get; } = expiresAt;

    public string[] Tags { get; } = tags;

    /// <summary>Whether it was used since the hand last came by.</summary>
    public bool IsMarked
    {
        get => _isMarked;
        set => _isMarked = value;
    }

    public LocalEntry? Newer { get; set; }

    public LocalEntry? Older { get; set; }
}
