using System.ComponentModel.DataAnnotations;

namespace Iskra.Platform.Cluster;

/// <summary>How processes of one installation reach each other. Section <c>Cluster</c>.</summary>
public sealed class ClusterOptions
{
    public const string Section = "Cluster";

    /// <summary>
    /// The address (<c>http://host:port</c>) at which the other processes reach this one, past any load balancer;
    /// <c>ISKRA_ADVERTISED_URL</c>. Empty: the first address that the server listens on, with the machine's name in place of a wildcard.
    /// </summary>
    public string? AdvertisedUrl { get; set; }

    /// <summary>Requests passed on to another process at once; the next one is answered with 503.</summary>
    [Range(1, 100_000)]
    public int ForwardedRequestsMax { get; set; } = 2_000;

    /// <summary>Time in which the other process must accept a connection.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:30")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(2);
}
