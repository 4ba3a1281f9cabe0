using System.Buffers;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Telemetry;

/// <summary>
/// Holds the present value of every instrument of the process that its options select: for <c>/metrics</c>, and for parts that watch the
/// process itself. Thread-safe. Recording a measurement takes no lock and, for a label set seen before, allocates nothing.
/// </summary>
/// <remarks>
/// Only meters that are static or come from this container's <see cref="IMeterFactory"/> count: two hosts in one process stay apart.
/// </remarks>
public sealed class MetricsCollector : IDisposable
{
    private readonly TelemetryOptions _options;
    private readonly IMeterFactory _meterFactory;
    private readonly ILogger<MetricsCollector> _log;
    private readonly MeterListener _listener = new();
    private readonly Lock _instrumentsGate = new();
    private readonly Lock _observationGate = new();
    private readonly Dictionary<string, CollectedInstrument> _byFamily = new(StringComparer.Ordinal);
    private CollectedInstrument[] _instruments = [];
    private long _round;
    private long _seriesOverflows;
    private long _instrumentsDropped;
    private long _observationFailures;

    public MetricsCollector(IOptions<TelemetryOptions> options, IMeterFactory meterFactory, ILogger<MetricsCollector> log)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(meterFactory);
        _options = options.Value;
        _meterFactory = meterFactory;
        _log = log;
        _listener.InstrumentPublished = OnPublished;
        _listener.SetMeasurementEventCallback<byte>(static (_, value, tags, state) => Of(state).Record((long)value, tags));
        _listener.SetMeasurementEventCallback<short>(static (_, value, tags, state) => Of(state).Record((long)value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => Of(state).Record((long)value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => Of(state).Record(value, tags));
        _listener.SetMeasurementEventCallback<float>(static (_, value, tags, state) => Of(state).Record((double)value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => Of(state).Record(value, tags));
        _listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, state) => Of(state).Record((double)value, tags));
        _listener.Start();
        new TelemetryMetrics(this, meterFactory).Register();
    }

    /// <summary>Counts the observations; a series of an observable instrument belongs to the last one that reported it.</summary>
    internal long Round => Volatile.Read(ref _round);

    internal long SeriesOverflows => Interlocked.Read(ref _seriesOverflows);

    internal long InstrumentsDropped => Interlocked.Read(ref _instrumentsDropped);

    internal long ObservationFailures => Interlocked.Read(ref _observationFailures);

    /// <summary>Asks all observable instruments for their present value. Call it before reading such an instrument's total.</summary>
    public void Observe()
    {
        lock (_observationGate)
        {
            Interlocked.Increment(ref _round);
            try
            {
                _listener.RecordObservableInstruments();
            }
            catch (AggregateException exception)
            {
                // One instrument's callback failed; the others were asked all the same.
                Interlocked.Increment(ref _observationFailures);
                _log.ObservationFailed(exception.GetBaseException());
            }
        }
    }

    /// <summary>
    /// The sum over the label sets of an instrument: a counter's or gauge's value, a histogram's number of measurements; 0 when
    /// unknown.
    /// </summary>
    /// <param name="instrument">The instrument's own name, for instance <c>iskra.cards.transfers</c>.</param>
    /// <param name="where">Which label sets count, by their tags; null for all.</param>
    public double Total(string instrument, Func<IReadOnlyList<KeyValuePair<string, object?>>, bool>? where = null)
    {
        double total = 0;
        foreach (CollectedInstrument candidate in Volatile.Read(ref _instruments))
        {
            if (candidate.Name != instrument)
            {
                continue;
            }

            foreach (MetricSeries series in candidate.Series)
            {
                if (candidate.IsPresent(series) && (where is null || where(series.Tags)))
                {
                    total += candidate.Kind == InstrumentKind.Histogram ? series.CountAll() : series.Value;
                }
            }
        }

        return total;
    }

    /// <summary>
    /// The distribution that a histogram has measured so far, over all label sets; <see cref="HistogramSnapshot.Empty"/> when unknown.
    /// </summary>
    public HistogramSnapshot Histogram(string instrument)
    {
        foreach (CollectedInstrument candidate in Volatile.Read(ref _instruments))
        {
            if (candidate.Name == instrument && candidate.Kind == InstrumentKind.Histogram)
            {
                return candidate.Snapshot();
            }
        }

        return HistogramSnapshot.Empty;
    }

    /// <summary>Observes and writes every present series as text.</summary>
    public void WriteText(IBufferWriter<byte> output, MetricsTextFormat format)
    {
        ArgumentNullException.ThrowIfNull(output);
        lock (_observationGate)
        {
            Observe();
            MetricsTextWriter writer = new(output, format);
            foreach (CollectedInstrument instrument in Volatile.Read(ref _instruments))
            {
                writer.Write(instrument);
            }

            writer.End();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    internal void CountOverflow() => Interlocked.Increment(ref _seriesOverflows);

    private static CollectedInstrument Of(object? state) => (CollectedInstrument)state!;

    private void OnPublished(Instrument instrument, MeterListener listener)
    {
        if (!IsSelected(instrument.Meter))
        {
            return;
        }

        CollectedInstrument? collected = Adopt(instrument);
        if (collected is null)
        {
            Interlocked.Increment(ref _instrumentsDropped);
            _log.InstrumentDropped(instrument.Meter.Name, instrument.Name);
            return;
        }

        listener.EnableMeasurementEvents(instrument, collected);
    }

    // The same instrument made twice shares its series. Another one whose exported name is the same would make the text invalid.
    private CollectedInstrument? Adopt(Instrument instrument)
    {
        lock (_instrumentsGate)
        {
            CollectedInstrument candidate = new(this, instrument, _options);
            if (_byFamily.TryGetValue(candidate.Exported.Family, out CollectedInstrument? known))
            {
                bool same = known.Name == candidate.Name && known.MeterName == candidate.MeterName && known.Kind == candidate.Kind
                    && known.IsObservable == candidate.IsObservable;
                return same ? known : null;
            }

            if (_instruments.Length >= _options.InstrumentsMax)
            {
                return null;
            }

            _byFamily.Add(candidate.Exported.Family, candidate);
            CollectedInstrument[] next = [.. _instruments, candidate];
            Array.Sort(next, static (left, right) => string.CompareOrdinal(left.Exported.Family, right.Exported.Family));
            Volatile.Write(ref _instruments, next);
            return candidate;
        }
    }

    private bool IsSelected(Meter meter)
    {
        if (meter.Scope is not null && !ReferenceEquals(meter.Scope, _meterFactory))
        {
            return false;
        }

        return _options.SelectedMeters.Any(pattern => pattern.EndsWith('*')
            ? meter.Name.StartsWith(pattern[..^1], StringComparison.Ordinal)
            : meter.Name == pattern);
    }
}
