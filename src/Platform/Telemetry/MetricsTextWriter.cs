using System.Buffers;
using System.Globalization;
using System.Text;

namespace Iskra.Platform.Telemetry;

/// <summary>
/// Writes instruments as Prometheus text 0.0.4 or OpenMetrics 1.0.0 (https://prometheus.io/docs/instrumenting/exposition_formats/). The
/// formats differ in the name of a counter's family, the UNIT line, numbers in <c>le</c> and the end mark.
/// </summary>
internal sealed class MetricsTextWriter
{
    private readonly IBufferWriter<byte> _output;
    private readonly bool _openMetrics;

    public MetricsTextWriter(IBufferWriter<byte> output, MetricsTextFormat format)
    {
        _output = output;
        _openMetrics = format == MetricsTextFormat.OpenMetrics;
    }

    public void Write(CollectedInstrument instrument)
    {
        bool headed = false;
        foreach (MetricSeries series in instrument.Series)
        {
            if (!instrument.IsPresent(series))
            {
                continue;
            }

            if (!headed)
            {
                WriteHead(instrument);
                headed = true;
            }

            if (instrument.Kind == InstrumentKind.Histogram)
            {
                WriteHistogram(instrument, series);
            }
            else
            {
                WriteSample(instrument.Exported.Sample, "", series.Labels, null, series.Value);
            }
        }
    }

    public void End()
    {
        if (_openMetrics)
        {
            Text("# EOF\n");
        }
    }

    private void WriteHead(CollectedInstrument instrument)
    {
        PrometheusName name = instrument.Exported;
        string family = _openMetrics ? name.Family : name.Sample;
        string type = instrument.Kind switch
        {
            InstrumentKind.Counter => "counter",
            InstrumentKind.Histogram => "histogram",
            _ => "gauge",
        };
        if (!string.IsNullOrWhiteSpace(instrument.Description))
        {
            Text("# HELP ");
            Text(family);
            Text(" ");
            Text(EscapeHelp(instrument.Description));
            Text("\n");
        }

        Text("# TYPE ");
        Text(family);
        Text(" ");
        Text(type);
        Text("\n");
        if (_openMetrics && name.Unit.Length > 0)
        {
            Text("# UNIT ");
            Text(family);
            Text(" ");
            Text(name.Unit);
            Text("\n");
        }
    }

    private void WriteHistogram(CollectedInstrument instrument, MetricSeries series)
    {
        string family = instrument.Exported.Family;

        // Read once and summed here: buckets, +Inf and _count then agree while other threads go on measuring.
        long cumulative = 0;
        for (int i = 0; i < instrument.Bounds.Length; i++)
        {
            cumulative += series.BucketAt(i);
            WriteSample(family, "_bucket", series.Labels, Number(instrument.Bounds[i], _openMetrics), cumulative);
        }

        cumulative += series.BucketAt(instrument.Bounds.Length);
        WriteSample(family, "_bucket", series.Labels, "+Inf", cumulative);
        WriteSample(family, "_sum", series.Labels, null, series.Value);
        WriteSample(family, "_count", series.Labels, null, cumulative);
    }

    private void WriteSample(string name, string suffix, string labels, string? le, double value)
    {
        Text(name);
        Text(suffix);
        if (labels.Length > 0 || le is not null)
        {
            Text("{");
            Text(labels);
            if (le is not null)
            {
                Text(labels.Length > 0 ? ",le=\"" : "le=\"");
                Text(le);
                Text("\"");
            }

            Text("}");
        }

        Text(" ");
        Text(Number(value, withPoint: false));
        Text("\n");
    }

    private static string Number(double value, bool withPoint)
    {
        if (double.IsNaN(value))
        {
            return "NaN";
        }

        if (double.IsInfinity(value))
        {
            return value > 0 ? "+Inf" : "-Inf";
        }

        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return withPoint && !text.AsSpan().ContainsAny('.', 'E') ? text + ".0" : text;
    }

    private string EscapeHelp(string text)
    {
        string escaped = text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);
        return _openMetrics ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }

    private void Text(string text) => Encoding.UTF8.GetBytes(text, _output);
}
