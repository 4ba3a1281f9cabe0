using Iskra.Platform.Telemetry.Scrubbing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
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

    // The failures are a parameter so that they are heard from the first export on.
    public OtlpExport(IOptions<TelemetryOptions> options, OtlpFailures failures, ILogger<OtlpExport> log)
    {
        ArgumentNullException.ThrowIfNull(failures);
        _endpoint = new Uri(options.Value.OtlpEndpoint!);
        _meters = options.Value.SelectedMeters;
        _log = log;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(Describe)
            .AddMeter([.. _meters])
            .AddOtlpExporter(options => Address(options, "metrics"))
            .Build();
        _traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(Describe)
            .AddSource("Iskra.*", "Microsoft.AspNetCore", "System.Net.Http", "Npgsql")
            .AddProcessor(new ScrubbingProcessor())
            .AddOtlpExporter(options => Address(options, "traces"))
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

    // The exporter appends the path of the signal only to an endpoint that it read from the environment itself.
    private void Address(OtlpExporterOptions options, string signal) =>
        options.Endpoint = options.Protocol == OtlpExportProtocol.HttpProtobuf
        ? new UriBuilder(_endpoint) { Path = _endpoint.AbsolutePath.TrimEnd('/') + "/v1/" + signal }.Uri
        : _endpoint;

    private static void Describe(ResourceBuilder resource) =>
        resource.AddService("iskra", serviceVersion: typeof(OtlpExport).Assembly.GetName().Version?.ToString(3));
}
