using System.Diagnostics.Metrics;

namespace Iskra.Platform.Cluster;

/// <summary>Instruments of what processes pass on to each other.</summary>
public sealed class ClusterMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Iskra.Cluster";

    private readonly Counter<long> _forwarded;

    public ClusterMetrics(IMeterFactory factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        Meter meter = factory.Create(MeterName);
        _forwarded = meter.CreateCounter<long>(
            "iskra.cluster.forwarded", "{request}", "Requests passed on to another process, by outcome: ok, unreachable, broken, limit.");
    }

    internal void Forwarded(ForwardOutcome outcome) => _forwarded.Add(
        1, new KeyValuePair<string, object?>("outcome", outcome switch
        {
            ForwardOutcome.Answered => "ok",
            ForwardOutcome.Unreachable => "unreachable",
            ForwardOutcome.Broken => "broken",
            _ => "limit",
        }));
}
