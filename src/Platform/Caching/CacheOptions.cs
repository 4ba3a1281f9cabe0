using System.ComponentModel.DataAnnotations;

namespace Iskra.Platform.Caching;

/// <summary>Bounds of the cache. Section <c>Cache</c>.</summary>
public sealed class CacheOptions
{
    public const string Section = "Cache";

    /// <summary>False loads every value from its source each time: for comparing, or when the cache is suspected.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Values in this process, at most.</summary>
    [Range(1, 100_000_000)]
    public int EntriesMax { get; set; } = 100_000;

    /// <summary>Bytes of values in this process, at most, estimated from their JSON.</summary>
    [Range(1_024, 1L << 40)]
    public long BytesMax { get; set; } = 128 << 20;

    /// <summary>A value whose JSON is longer isn't cached.</summary>
    [Range(64, 64 << 20)]
    public int ValueBytesMax { get; set; } = 1 << 20;

    /// <summary>A load that takes longer fails, whoever waits for it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan LoadTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one process has to load a value on behalf of all before another may begin.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan LeaseTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a process waits for the one that loads a value, before it loads the value itself.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan LeaseWait { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>After a fault Redis is not asked for so long, then by one caller.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan CircuitOpenTime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long values live in this process while invalidations of other processes can't arrive.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan LocalTimeWithoutEvents { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Invalidations that wait for Redis to come back, one by one; beyond that the whole kind is invalidated.</summary>
    [Range(1, 10_000_000)]
    public int UnsentInvalidationsMax { get; set; } = 100_000;

    /// <summary>Without Redis, replicas on PostgreSQL tell each other of invalidations by <c>NOTIFY</c>; it takes a connection.</summary>
    public bool PostgresEvents { get; set; } = true;
}
