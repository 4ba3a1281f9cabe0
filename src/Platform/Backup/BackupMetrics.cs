using System.Diagnostics.Metrics;

namespace Iskra.Platform.Backup;

/// <summary>Instruments of backups.</summary>
internal sealed class BackupMetrics
{
    public const string MeterName = "Iskra.Backup";

    private static readonly double[] DurationBounds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 150, 300, 900, 3_600];

    private readonly Meter _meter;
    private readonly Counter<long> _runs;
    private readonly Counter<long> _deleted;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _copyDuration;

    public BackupMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(MeterName);
        _runs = _meter.CreateCounter<long>("iskra.backup.runs", "{run}", "Backups, by result: ok, failed, left-out.");
        _deleted = _meter.CreateCounter<long>("iskra.backup.deleted", "{backup}", "Old backups deleted: the limits of retention were hit.");
        _duration = _meter.CreateHistogram(
            "iskra.backup.duration",
            "s",
            "Time of a backup.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBounds });
        _copyDuration = _meter.CreateHistogram(
            "iskra.backup.copy.duration",
            "s",
            "The part of a backup in which a SQLite store's log is held back.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBounds });
    }

    public void Observe(Func<double?> ageSeconds, Func<long?> bytes, Func<bool> isOverdue)
    {
        _meter.CreateObservableGauge(
            "iskra.backup.age", () => Known(ageSeconds()), "s", "Time since the moment that the newest backup shows.");
        _meter.CreateObservableGauge("iskra.backup.size", () => Known(bytes()), "By", "Size of the newest backup.");
        _meter.CreateObservableGauge(
            "iskra.backup.overdue", () => isOverdue() ? 1 : 0, "{backup}", "1 when a scheduled backup is overdue.");
    }

    public void Made(BackupResult result)
    {
        _runs.Add(1, new KeyValuePair<string, object?>("result", "ok"));
        _deleted.Add(result.Deleted);
        _duration.Record(result.Time.TotalSeconds);
        _copyDuration.Record(result.CopyTime.TotalSeconds);
    }

    public void NotMade(string result) => _runs.Add(1, new KeyValuePair<string, object?>("result", result));

    private static IEnumerable<Measurement<T>> Known<T>(T? value)
        where T : struct => value is { } known ? [new Measurement<T>(known)] : [];
}
