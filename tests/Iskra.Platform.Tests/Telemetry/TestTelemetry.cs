using System.Buffers;
using System.Diagnostics.Metrics;
using System.Text;
using Iskra.Platform.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Tests.Telemetry;

/// <summary>A collector of its own, that hears only its own meter "Iskra.Test".</summary>
internal sealed class TestTelemetry : IDisposable
{
    private readonly ServiceProvider _services;

    public TestTelemetry(Action<TelemetryOptions>? configure = null)
    {
        TelemetryOptions options = new();
        options.Meters.Add("Iskra.Test");
        configure?.Invoke(options);
        _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        Factory = _services.GetRequiredService<IMeterFactory>();
        Collector = new MetricsCollector(Options.Create(options), Factory, NullLogger<MetricsCollector>.Instance);
        Meter = Factory.Create("Iskra.Test");
    }

    public IMeterFactory Factory { get; }

    public MetricsCollector Collector { get; }

    public Meter Meter { get; }

    public string Text(MetricsTextFormat format = MetricsTextFormat.Prometheus)
    {
        ArrayBufferWriter<byte> buffer = new();
        Collector.WriteText(buffer, format);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public void Dispose()
    {
        Collector.Dispose();
        _services.Dispose();
    }
}
