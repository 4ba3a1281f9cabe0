using System.ComponentModel.DataAnnotations;

namespace Iskra.Platform.Security.Users;

/// <summary>Passwords and how fast they may be tried. Section <c>Security:Passwords</c>.</summary>
public sealed class PasswordOptions
{
    public const string Section = "Security:Passwords";

    /// <summary>
    /// Rounds of PBKDF2-HMAC-SHA-256; 600,000 are OWASP's figure and the least that is taken. A stored hash names its own, and is made anew
    /// at the next sign-in when it has fewer.
    /// </summary>
    [Range(600_000, 10_000_000)]
    public int Iterations { get; set; } = 600_000;

    /// <summary>Passwords hashed at once: each keeps one core busy for about a tenth of a second.</summary>
    [Range(1, 64)]
    public int ConcurrencyMax { get; set; } = 1;

    /// <summary>Sign-ins that wait for their hash, at most; more are answered with 503 at once.</summary>
    [Range(1, 10_000)]
    public int WaitingMax { get; set; } = 32;

    /// <summary>The shortest password, in characters.</summary>
    [Range(8, 128)]
    public int LengthMin { get; set; } = 12;

    /// <summary>Failed sign-ins to one account before the next one has to wait.</summary>
    [Range(1, 100)]
    public int FreeFailures { get; set; } = 5;

    /// <summary>
    /// The wait doubles with each failure from one second up to this, so that nobody can lock an account for longer than this. An address
    /// that signed in to the account before doesn't wait.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:15:00")]
    public TimeSpan DelayMax { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Quiet time after which an account's failures are forgotten.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan ForgetAfter { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Accounts whose failures are counted; beyond, the oldest are forgotten.</summary>
    [Range(100, 1_000_000)]
    public int AccountsMax { get; set; } = 10_000;
}
