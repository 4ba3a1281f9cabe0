using Iskra.Platform.Realtime;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Iskra.Modules.Dashboards.Pulse;

/// <summary>
/// Measures once a second and publishes the frame. A second that fails is logged and left out; the next one is tried all the same.
/// </summary>
internal sealed class PulseSampler : BackgroundService
{
    public const string TopicName = "pulse";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly PulseMeasure _measure;
    private readonly PulseState _state;
    private readonly RealtimeTopic _topic;
    private readonly DashboardsMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<PulseSampler> _log;

    public PulseSampler(
        PulseMeasure measure, PulseState state, RealtimeHub hub, DashboardsMetrics metrics, TimeProvider time, ILogger<PulseSampler> log)
    {
        _measure = measure;
        _state = state;
        _topic = hub.Topic(TopicName);
        _topic.Welcome = () => state.SnapshotBytes();
        _metrics = metrics;
        _time = time;
        _log = log;
    }

    /// <summary>One second's work.</summary>
    internal void Tick()
    {
        long started = _time.GetTimestamp();
        _topic.Publish(_state.Advance(_time.GetUtcNow(), _measure.Measure()));
        _metrics.FrameDuration.Record(_time.GetElapsedTime(started).TotalSeconds);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, _time);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                Tick();
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                _metrics.FrameFailures.Add(1);
                _log.FrameFailed(exception);
            }
        }
    }
}
