using Iskra.Platform.Telemetry.Scrubbing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Iskra.Platform.Telemetry;

/// <summary>Sends metrics and traces to an OpenTelemetry collector. Registered only when an endpoint is configured.</summary>
internal sealed class OtlpExport : IHostedService, IDisposable
{
    private readonly Uri _endpoint;
    private readonly IReadOnlyList<string> _meters;
    private readonly ILogger<OtlpExport> _log;
    private MeterProvider? _metrics;
    private TracerProvider? _traces;

    public OtlpExport(Uri endpoint, IReadOnlyList<string> meters, ILogger<OtlpExport> log)
    {
        _endpoint = endpoint;
        _meters = meters;
        _log = log;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(Describe)
            .AddMeter([.. _meters])
            .AddOtlpExporter(options => options.Endpoint = _endpoint)
            .Build();
        _traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(Describe)
            .AddSource("Iskra.*", "Microsoft.AspNetCore", "System.Net.Http", "Npgsql")
            .AddProcessor(new ScrubbingProcessor())
            .AddOtlpExporter(options => options.Endpoint = _endpoint)
            .Build();

        // The host alone: an address may carry credentials.
        _log.OtlpStarted(_endpoint.Authority);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // The providers flush what they hold, for at most five seconds each, when they are disposed.
    public void Dispose()
    {
        _metrics?.Dispose();
        _traces?.Dispose();
    }

    private static void Describe(ResourceBuilder resource) =>
        resource.AddService("iskra", serviceVersion: typeof(OtlpExport).Assembly.GetName().Version?.ToString(3));
}
