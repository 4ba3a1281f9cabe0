using System.ComponentModel.DataAnnotations;

namespace Iskra.Platform.Redis;

/// <summary>The Redis server that replicas share, and the bounds of talking to it. Section <c>Redis</c>.</summary>
public sealed class RedisOptions : IValidatableObject
{
    public const string Section = "Redis";

    /// <summary>
    /// <c>redis://[user:password@]host:port/database</c>, or <c>rediss://</c> for TLS (<c>ISKRA_REDIS</c>). Empty: no Redis, and what would
    /// use it stays in this process. Holds a password: never logged.
    /// </summary>
    public string? Url { get; set; }

    /// <summary>A PEM file with the authorities that may sign the server's certificate; empty for those of the machine.</summary>
    public string? CaFile { get; set; }

    /// <summary>What every key and channel of ours starts with, so that installations can share a server.</summary>
    [Required]
    [RegularExpression("[A-Za-z0-9_.:-]{1,64}", ErrorMessage = "must be 1 to 64 letters, digits or _.:-")]
    public string Prefix { get; set; } = "iskra:";

    /// <summary>Time for an answer; then the command fails, whatever the server does with it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Time to connect, including TLS and signing in.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>A connection that owes answers and says nothing for so long is given up and made anew.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>An idle connection is asked for a sign of life after so long.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The first pause between attempts to connect; it doubles, with jitter, up to <see cref="ReconnectDelayMax"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan ReconnectDelayMin { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest pause between attempts to connect.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan ReconnectDelayMax { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Commands that wait for their answer; the next one is refused.</summary>
    [Range(1, 1_000_000)]
    public int QueueMax { get; set; } = 20_000;

    /// <summary>Bytes that wait to be sent; a command that doesn't fit is refused.</summary>
    [Range(65_536, 1 << 30)]
    public int QueueBytesMax { get; set; } = 64 << 20;

    /// <summary>The size of one answer; a larger one breaks the connection.</summary>
    [Range(1_024, 1 << 29)]
    public int ReplyBytesMax { get; set; } = 64 << 20;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!string.IsNullOrWhiteSpace(Url) && RedisAddress.Parse(Url, out string fault) is null)
        {
            yield return new ValidationResult(fault, [nameof(Url)]);
        }

        if (!string.IsNullOrEmpty(CaFile) && !File.Exists(CaFile))
        {
            yield return new ValidationResult("names a file that doesn't exist", [nameof(CaFile)]);
        }

        if (ReconnectDelayMax < ReconnectDelayMin)
        {
            yield return new ValidationResult("is less than ReconnectDelayMin", [nameof(ReconnectDelayMax)]);
        }
    }
}
