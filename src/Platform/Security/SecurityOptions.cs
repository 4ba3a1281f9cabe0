using System.ComponentModel.DataAnnotations;

namespace Iskra.Platform.Security;

/// <summary>Keys, sessions and sign-in. Section <c>Security</c>.</summary>
public sealed class SecurityOptions
{
    public const string Section = "Security";

    /// <summary>
    /// The admin's key, for automation (<c>ISKRA_ADMIN_KEY</c>): 24 to 200 printable characters. Only its hash is stored; another value
    /// at a later start replaces it. Empty: the first run makes a key and prints it once.
    /// </summary>
    [RegularExpression("^[!-~]{24,200}$", ErrorMessage = "must have 24 to 200 printable characters without spaces (ISKRA_ADMIN_KEY)")]
    public string? AdminKey { get; set; }

    /// <summary>Verified keys, sessions and access tokens kept in memory.</summary>
    [Range(10, 1_000_000)]
    public int CacheEntriesMax { get; set; } = 10_000;

    /// <summary>
    /// Time for which a verified key, session or token isn't looked up again. A revocation in the same process works at once whatever this
    /// says; one by another process on the same database is heard within a second or two, and works within this time even when it isn't.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:05")]
    public TimeSpan CacheTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the time of last use is written.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan LastUsedInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Life of a web session; it isn't prolonged by use.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan SessionTime { get; set; } = TimeSpan.FromHours(12);

    /// <summary>Open sessions of one key or user; the oldest is closed for a new one.</summary>
    [Range(1, 10_000)]
    public int SessionsPerKeyMax { get; set; } = 100;

    /// <summary>Failed sign-ins per address (an IPv6 /64 network counts as one) within <see cref="SignInWindow"/>.</summary>
    [Range(1, 10_000)]
    public int SignInFailuresMax { get; set; } = 10;

    /// <summary>The time over which failed sign-ins are counted.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan SignInWindow { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Addresses whose failures are counted; beyond, sign-in is refused to new addresses until a window ends.</summary>
    [Range(10, 1_000_000)]
    public int SignInAddressesMax { get; set; } = 10_000;
}
