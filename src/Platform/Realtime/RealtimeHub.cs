using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Realtime;

/// <summary>All topics of the process, by name.</summary>
public sealed class RealtimeHub
{
    private readonly ConcurrentDictionary<string, RealtimeTopic> _topics = new(StringComparer.Ordinal);
    private readonly RealtimeOptions _options;
    private readonly RealtimeMetrics _metrics;

    internal RealtimeHub(IOptions<RealtimeOptions> options, RealtimeMetrics metrics)
    {
        _options = options.Value;
        _metrics = metrics;
    }

    /// <summary>The topic of that name; made when it is asked for first.</summary>
    public RealtimeTopic Topic(string name) => _topics.GetOrAdd(name, key => new RealtimeTopic(key, _options, _metrics));
}
