using Iskra.Platform.Data;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Jobs.Running;

/// <summary>Measures depth and age of the queues, for the gauges and for the number of workers here.</summary>
internal sealed class QueueMeter
{
    // Counting a long queue takes a while; it shall never take more than a twentieth of the time.
    private const int IdleFactor = 20;

    private readonly Database _database;
    private readonly Dispatcher _dispatcher;
    private readonly JobClock _clock;
    private readonly JobSignal _signal;
    private readonly JobsOptions _options;
    private readonly JobsMetrics _metrics;
    private readonly Dictionary<string, (WorkerScaler Scaler, long Finished)> _scalers = new(StringComparer.Ordinal);
    private long? _measuredAt;
    private TimeSpan _pause;

    public QueueMeter(
        Database database, Dispatcher dispatcher, JobClock clock, JobSignal signal, IOptions<JobsOptions> options, JobsMetrics metrics)
    {
        _database = database;
        _dispatcher = dispatcher;
        _clock = clock;
        _signal = signal;
        _options = options.Value;
        _metrics = metrics;
    }

    /// <summary>One measurement, unless the last one was expensive and recent.</summary>
    public async Task MeasureAsync(CancellationToken cancellationToken)
    {
        long from = _clock.Time.GetTimestamp();
        TimeSpan elapsed = _measuredAt is { } before ? _clock.Time.GetElapsedTime(before, from) : _options.MeasureInterval;
        if (_measuredAt is not null && elapsed < _pause)
        {
            return;
        }

        IReadOnlyList<QueueRow> rows = await _database.ReadAsync(
            session => session.QueryAsync<QueueRow>(
                "select type, count(*) as depth, min(ready_at) as oldest from jobs where state = 2 group by type"),
            cancellationToken);
        long now = _clock.Now;
        _measuredAt = from;
        _pause = _clock.Time.GetElapsedTime(from) * IdleFactor;
        _metrics.SetMeasures([.. _dispatcher.Slots.Select(slots => Measure(slots, rows, now, elapsed))]);
    }

    private QueueMeasure Measure(JobSlots slots, IReadOnlyList<QueueRow> rows, long now, TimeSpan elapsed)
    {
        QueueRow? row = rows.FirstOrDefault(candidate => candidate.Type == slots.Type.Name);
        long depth = row?.Depth ?? 0;
        TimeSpan age = row is null ? TimeSpan.Zero : TimeSpan.FromMicroseconds(Math.Max(0, now - row.Oldest));
        (WorkerScaler scaler, long finished) = _scalers.TryGetValue(slots.Type.Name, out (WorkerScaler, long) known)
            ? known
            : (new WorkerScaler(slots.Type.Options, _options), slots.Finished);
        double perSecond = (slots.Finished - finished) / Math.Max(0.001, elapsed.TotalSeconds);
        _scalers[slots.Type.Name] = (scaler, slots.Finished);
        if (!slots.IsPaused)
        {
            int workers = scaler.Next(slots.Workers, slots.Running, depth, age, perSecond, elapsed);
            if (workers > slots.Workers)
            {
                slots.Workers = workers;
                _signal.Wake();
            }

            slots.Workers = workers;
        }

        return new QueueMeasure(slots.Type.Name, depth, age, slots.Running, slots.Workers);
    }

    private sealed class QueueRow
    {
        public string Type { get; set; } = "";

        public long Depth { get; set; }

        public long Oldest { get; set; }
    }
}
