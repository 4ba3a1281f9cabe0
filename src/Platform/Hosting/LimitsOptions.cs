using System.ComponentModel.DataAnnotations;

namespace Iskra.Platform.Hosting;

/// <summary>Limits of every request and connection. Section <c>Limits</c>.</summary>
public sealed class LimitsOptions
{
    public const string Section = "Limits";

    /// <summary>Bytes of one request body. The default holds a batch of 8,190 transfers at 1,000 bytes each.</summary>
    [Range(1_024, 1_073_741_824)]
    public long RequestBodyBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>Bytes of all headers of one request.</summary>
    [Range(1_024, 1_048_576)]
    public int RequestHeadersBytes { get; set; } = 32 * 1024;

    /// <summary>Headers of one request.</summary>
    [Range(10, 1_000)]
    public int RequestHeaderCount { get; set; } = 100;

    /// <summary>Bytes of the request line: method, address and version.</summary>
    [Range(256, 65_536)]
    public int RequestLineBytes { get; set; } = 8 * 1024;

    /// <summary>Time in which the headers must arrive.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan RequestHeadersTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Time in which a request must be answered; WebSockets and event streams excepted.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Time for which an idle connection stays open.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>Open connections.</summary>
    [Range(1, 1_000_000)]
    public int Connections { get; set; } = 10_000;

    /// <summary>Open WebSockets.</summary>
    [Range(1, 1_000_000)]
    public int UpgradedConnections { get; set; } = 2_000;

    /// <summary>A body that arrives slower than this, after <see cref="DataRateGrace"/>, is cut off.</summary>
    [Range(1, 1_000_000)]
    public int RequestBytesPerSecondMin { get; set; } = 240;

    /// <summary>An answer that is taken slower than this, after <see cref="DataRateGrace"/>, is cut off.</summary>
    [Range(1, 1_000_000)]
    public int ResponseBytesPerSecondMin { get; set; } = 240;

    /// <summary>Time before the lowest rates apply.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:10:00")]
    public TimeSpan DataRateGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Time for requests under way to end when the process stops.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
