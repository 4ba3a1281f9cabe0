using System.ComponentModel.DataAnnotations;

namespace Iskra.Platform.Security.Tokens;

/// <summary>Access and refresh tokens and the keys that sign them. Section <c>Security:Tokens</c>.</summary>
public sealed class TokenOptions
{
    public const string Section = "Security:Tokens";

    /// <summary>
    /// Who gives the tokens (<c>iss</c>): the address under which clients reach this installation, without a slash at the end. All replicas
    /// name the same.
    /// </summary>
    [RegularExpression("^https?://[^\\s?#]+[^\\s?#/]$", ErrorMessage = "must be an http(s) address without query and final slash")]
    public string Issuer { get; set; } = "http://localhost:5080";

    /// <summary>Who the tokens are for (<c>aud</c>).</summary>
    [RegularExpression("^[!-~]{1,200}$", ErrorMessage = "must have 1 to 200 printable characters without spaces")]
    public string Audience { get; set; } = "iskra";

    /// <summary>Life of an access token.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "01:00:00")]
    public TimeSpan AccessTime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Life of a refresh token that isn't used.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "90.00:00:00")]
    public TimeSpan RefreshIdleTime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Life of a family of refresh tokens, however often they are used: after it the user signs in again.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")]
    public TimeSpan RefreshTime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// Time after its use in which a refresh token still answers, with the same successor: two refreshes of one client at once are no
    /// theft. Zero for none.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan ReuseGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Open families of one user; the oldest is closed for a new one.</summary>
    [Range(1, 10_000)]
    public int FamiliesPerUserMax { get; set; } = 50;

    /// <summary>Difference between the clocks of replicas that is forgiven.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a key signs before the next one takes its place.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")]
    public TimeSpan SigningKeyTime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long a new key is published before it signs; longer than anyone keeps <c>jwks.json</c> (5 minutes).</summary>
    [Range(typeof(TimeSpan), "00:05:00", "7.00:00:00")]
    public TimeSpan PublishAhead { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Whether a user's password is taken at the token endpoint. For our own programs: OAuth 2.1 leaves this grant out.</summary>
    public bool PasswordGrant { get; set; } = true;

    /// <summary>How often revocations of other replicas are looked for.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:05")]
    public TimeSpan RevocationPollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Access tokens on the deny-list, at most; a further revocation is answered with 503.</summary>
    [Range(100, 10_000_000)]
    public int RevokedTokensMax { get; set; } = 100_000;
}
