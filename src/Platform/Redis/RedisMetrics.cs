using System.Diagnostics.Metrics;

namespace Iskra.Platform.Redis;

/// <summary>Instruments of the Redis client.</summary>
internal sealed class RedisMetrics
{
    public const string MeterName = "Iskra.Redis";

    private static readonly KeyValuePair<string, object?>[] Faults =
        [.. Enum.GetValues<RedisFault>().Select(fault => new KeyValuePair<string, object?>("fault", Name(fault)))];

    private readonly Histogram<double> _duration;
    private readonly Counter<long> _faults;
    private readonly Counter<long> _connects;
    private readonly Counter<long> _timeouts;
    private readonly Counter<long> _queueFull;
    private int _connected;
    private long _waiting;

    public RedisMetrics(IMeterFactory factory)
    {
        Meter = factory.Create(MeterName);
        _duration = Meter.CreateHistogram<double>("iskra.redis.command.duration", "s", "Time from queueing a command to its answer.");
        _faults = Meter.CreateCounter<long>("iskra.redis.command.faults", "{command}", "Commands without an answer, by fault.");
        _timeouts = Meter.CreateCounter<long>("iskra.redis.timeouts", "{command}", "Commands without an answer in time.");
        _queueFull = Meter.CreateCounter<long>("iskra.redis.queue.rejected", "{command}", "Commands refused because the queue was full.");
        _connects = Meter.CreateCounter<long>("iskra.redis.connects", "{attempt}", "Attempts to connect, by result: ok, failed.");
        Meter.CreateObservableGauge("iskra.redis.connected", () => Volatile.Read(ref _connected), "1", "1 while connected, else 0.");
        Meter.CreateObservableGauge("iskra.redis.queue.depth", () => Volatile.Read(ref _waiting), "{command}", "Commands that wait.");
    }

    public Meter Meter { get; }

    public bool IsTimed => _duration.Enabled;

    public void Answered(TimeSpan duration) => _duration.Record(duration.TotalSeconds);

    public void Failed(RedisFault fault)
    {
        _faults.Add(1, Faults[(int)fault]);
        if (fault == RedisFault.Timeout)
        {
            _timeouts.Add(1);
        }
        else if (fault == RedisFault.QueueFull)
        {
            _queueFull.Add(1);
        }
    }

    public void Connected(bool ok) => _connects.Add(1, new KeyValuePair<string, object?>("result", ok ? "ok" : "failed"));

    public void SetConnected(bool value) => Volatile.Write(ref _connected, value ? 1 : 0);

    public void SetWaiting(long commands) => Volatile.Write(ref _waiting, commands);

    private static string Name(RedisFault fault) => fault switch
    {
        RedisFault.NotConnected => "not-connected",
        RedisFault.QueueFull => "queue-full",
        RedisFault.Timeout => "timeout",
        RedisFault.ConnectionLost => "connection-lost",
        RedisFault.Refused => "refused",
        RedisFault.Protocol => "protocol",
        _ => "authentication",
    };
}
