using System.ComponentModel.DataAnnotations;

namespace Iskra.Platform.Realtime;

/// <summary>Live connections. Section <c>Realtime</c>.</summary>
public sealed class RealtimeOptions
{
    public const string Section = "Realtime";

    /// <summary>
    /// Connections to one topic, WebSocket and SSE together, at most; the next one is answered with 503 and <c>Retry-After</c>.
    /// </summary>
    [Range(1, 1_000_000)]
    public int ConnectionsPerTopicMax { get; set; } = 1_000;

    /// <summary>A peer that does not take a frame within this time is dropped.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time between pings (WebSocket) or comments (SSE) on a silent connection.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>A WebSocket peer that does not answer a ping within this time is dropped.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// A connection is closed with 1001 after this time, so that its client comes back with credentials that are still good: a revoked
    /// key stops seeing frames.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ConnectionAgeMax { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a close handshake may take when the server stops.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:30")]
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Origins (<c>https://ops.example</c>) whose pages may open a WebSocket besides the server's own: a browser sends the session
    /// cookie from any page.
    /// </summary>
    public IList<string> AllowedOrigins { get; } = [];
}
