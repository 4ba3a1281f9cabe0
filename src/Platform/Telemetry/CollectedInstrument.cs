using System.Diagnostics.Metrics;

namespace Iskra.Platform.Telemetry;

/// <summary>
/// An instrument, its series and how a measurement changes them. Recording is lock-free and allocates nothing for a known label set.
/// </summary>
internal sealed class CollectedInstrument
{
    private readonly MetricsCollector _owner;
    private readonly SeriesTable _series;
    private readonly long[]? _fine;
    private readonly bool _adds;

    public CollectedInstrument(MetricsCollector owner, Instrument instrument, TelemetryOptions options)
    {
        _owner = owner;
        Name = instrument.Name;
        MeterName = instrument.Meter.Name;
        Description = instrument.Description;
        Kind = KindOf(instrument);
        IsObservable = instrument.IsObservable;
        Exported = PrometheusName.Of(instrument.Name, instrument.Unit, Kind);
        Bounds = Kind == InstrumentKind.Histogram ? HistogramBounds.Of(instrument) : [];
        _fine = Kind == InstrumentKind.Histogram ? new long[FineBuckets.Count] : null;
        _adds = !instrument.IsObservable && !IsGauge(instrument);
        int buckets = Kind == InstrumentKind.Histogram ? Bounds.Length + 1 : 0;
        _series = new SeriesTable(
            options.SeriesPerInstrumentMax,
            (tags, labels) => new MetricSeries(tags, labels, buckets),
            tags => PrometheusLabels.Format(tags, options.LabelValueLengthMax));
    }

    public string Name { get; }

    public string MeterName { get; }

    public string? Description { get; }

    public InstrumentKind Kind { get; }

    public bool IsObservable { get; }

    public PrometheusName Exported { get; }

    /// <summary>Upper bounds of the exported buckets, without +Inf.</summary>
    public double[] Bounds { get; }

    public ReadOnlySpan<MetricSeries> Series => _series.All;

    public void Record(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (Kind == InstrumentKind.Histogram || !_adds)
        {
            Record((double)value, tags);
            return;
        }

        Find(tags).Add(value);
    }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (double.IsNaN(value) && Kind != InstrumentKind.Gauge)
        {
            // One NaN would make the sum useless for the rest of the process's life.
            return;
        }

        MetricSeries series = Find(tags);
        if (_fine is not null)
        {
            int found = Array.BinarySearch(Bounds, value);
            series.Observe(found < 0 ? ~found : found, value);
            Interlocked.Increment(ref _fine[FineBuckets.IndexOf(value)]);
        }
        else if (_adds)
        {
            series.Add(value);
        }
        else
        {
            series.Set(value);
            series.Round = _owner.Round;
        }
    }

    /// <summary>Whether the series is part of the present: an observable's series lives as long as it is reported.</summary>
    public bool IsPresent(MetricSeries series) => !IsObservable || series.Round == _owner.Round;

    public HistogramSnapshot Snapshot()
    {
        long[] counts = new long[FineBuckets.Count];
        for (int i = 0; i < counts.Length; i++)
        {
            counts[i] = Interlocked.Read(ref _fine![i]);
        }

        return new HistogramSnapshot(counts);
    }

    private static InstrumentKind KindOf(Instrument instrument)
    {
        Type type = instrument.GetType();
        Type? definition = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        if (definition == typeof(Histogram<>))
        {
            return InstrumentKind.Histogram;
        }

        return definition == typeof(Counter<>) || definition == typeof(ObservableCounter<>) ? InstrumentKind.Counter : InstrumentKind.Gauge;
    }

    private static bool IsGauge(Instrument instrument) =>
        instrument.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(Gauge<>);

    private MetricSeries Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        MetricSeries series = _series.Find(tags, out bool overflowed);
        if (overflowed)
        {
            _owner.CountOverflow();
        }

        return series;
    }
}
