namespace Iskra.Platform.Caching;

/// <summary>What the second level answered.</summary>
internal enum RedisReadStatus
{
    /// <summary>It can't be asked, or must not be: load, and store nothing there.</summary>
    Unavailable = 0,

    /// <summary>There is a value.</summary>
    Found = 1,

    /// <summary>There is none, and the caller holds the lease: load, then store with the token.</summary>
    Leased = 2,

    /// <summary>Another process loads it.</summary>
    Busy = 3,
}

/// <summary>An answer of the second level.</summary>
/// <param name="Status">Which.</param>
/// <param name="Payload">The value, when found.</param>
/// <param name="Left">Its time left, when found.</param>
/// <param name="Token">Proof of the lease, when leased.</param>
internal readonly record struct RedisRead(RedisReadStatus Status, ReadOnlyMemory<byte> Payload, TimeSpan Left, string Token);
