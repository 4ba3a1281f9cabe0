using System.Text;
using Iskra.Platform.Redis;

namespace Iskra.Platform.Caching;

/// <summary>Invalidations by Redis's publish and subscribe; needs RESP3, else it is never up.</summary>
internal sealed class RedisCacheBus : ICacheBus
{
    private readonly RedisClient _client;
    private readonly CacheMetrics _metrics;
    private readonly string _channel;

    public RedisCacheBus(RedisClient client, CacheMetrics metrics)
    {
        _client = client;
        _metrics = metrics;
        _channel = client.Prefix + "cache";
        client.ConnectionChanged += _ => Changed?.Invoke(client.HasMessages);
        client.Subscribe(_channel, message => Received?.Invoke(Encoding.UTF8.GetString(message.Span)));
    }

    public event Action<bool>? Changed;

    public event Action<string>? Received;

    public bool IsUp => _client.HasMessages;

    public int MessageBytesMax => 256 * 1024;

    public void Publish(string message) => _ = _client.SendAsync("PUBLISH", _channel, message).ContinueWith(
        done =>
        {
            _ = done.Exception;
            _metrics.EventsLost(1);
        },
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted,
        TaskScheduler.Default);
}
