using System.ComponentModel.DataAnnotations;

namespace Iskra.Platform.Limits;

/// <summary>
/// How many requests each caller has. Section <c>RateLimits</c>. Each limit is a number of requests in <see cref="Window"/>; all of them
/// may come at once, and they come back evenly. 0 switches a limit off.
/// </summary>
public sealed class RateLimitOptions
{
    public const string Section = "RateLimits";

    /// <summary>False checks nothing.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The time in which a limit is available once.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Requests from one address (IPv6: one /64 network), checked before the caller is known.</summary>
    [Range(0, 1_000_000_000)]
    public int PermitsPerAddress { get; set; } = 600_000;

    /// <summary>Requests of one tenant, by all its users and keys.</summary>
    [Range(0, 1_000_000_000)]
    public int PermitsPerTenant { get; set; } = 3_000_000;

    /// <summary>Requests of one user, by all sessions and tokens.</summary>
    [Range(0, 1_000_000_000)]
    public int PermitsPerUser { get; set; } = 600_000;

    /// <summary>Requests with one API key.</summary>
    [Range(0, 1_000_000_000)]
    public int PermitsPerKey { get; set; } = 600_000;

    /// <summary>
    /// Counts in Redis, when it is configured, so that a limit holds across all replicas; else each process counts for itself.
    /// </summary>
    public bool Shared { get; set; } = true;

    /// <summary>Callers whose count is kept in this process, at most; beyond that those with nothing used are forgotten first.</summary>
    [Range(16, 100_000_000)]
    public int PartitionsMax { get; set; } = 200_000;

    /// <summary>After a fault of Redis this process counts for itself so long, then one request tries Redis again.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan CircuitOpenTime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Paths, with all below them, that are never limited.</summary>
    public IList<string> ExcludedPaths { get; } = ["/health", "/metrics"];
}
