using Iskra.Platform.Hosting;
using Iskra.Platform.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Telemetry;

/// <summary>Registers the collector, <c>/metrics</c>, logging and the OTLP export.</summary>
public static class TelemetryRegistration
{
    private const string OtlpVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>
    /// Registers <see cref="MetricsCollector"/> and <see cref="ProcessSampler"/>, and the OTLP export when an endpoint is configured.
    /// </summary>
    public static IServiceCollection AddIskraTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddValidatedOptions<TelemetryOptions>(configuration, TelemetryOptions.Section)
            .PostConfigure(options => options.OtlpEndpoint ??= configuration[OtlpVariable]);
        services.AddSingleton<MetricsCollector>();
        services.AddSingleton<ProcessSampler>();

        // First in the list: what the other hosted services measure while they start is counted.
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, CollectorStart>());
        string key = $"{TelemetryOptions.Section}:{nameof(TelemetryOptions.OtlpEndpoint)}";
        if ((configuration[key] ?? configuration[OtlpVariable]) is not null)
        {
            services.AddSingleton<OtlpFailures>();
            services.AddSingleton<IHostedService, OtlpExport>();
        }

        return services;
    }

    /// <summary>Names the spans of requests; outermost, so that it sees the answer as it leaves.</summary>
    public static void UseIskraTelemetry(this IApplicationBuilder app) => app.UseMiddleware<RequestSpans>();

    /// <summary>
    /// Maps <c>/metrics</c>: Prometheus text, or OpenMetrics for a client that accepts it. Open to callers on this machine
    /// (<see cref="LoopbackOpen"/>), to others with the scope <c>metrics:read</c>.
    /// </summary>
    public static IEndpointConventionBuilder MapIskraMetrics(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/metrics", static async (HttpContext context, MetricsCollector collector) =>
            {
                bool openMetrics = context.Request.Headers.Accept.ToString()
                    .Contains("application/openmetrics-text", StringComparison.OrdinalIgnoreCase);
                context.Response.ContentType = openMetrics
                    ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                    : "text/plain; version=0.0.4; charset=utf-8";
                context.Response.Headers.CacheControl = "no-store";
                MetricsTextFormat format = openMetrics ? MetricsTextFormat.OpenMetrics : MetricsTextFormat.Prometheus;
                collector.WriteText(context.Response.BodyWriter, format);
                await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
            })
            .ExcludeFromDescription()
            .WithMetadata(LoopbackOpen.Instance)
            .RequireScope(Scopes.MetricsRead);

    /// <summary>
    /// Logs to the error stream, one line per entry, with UTC instants and the trace id: <c>json</c> for machines, anything else for
    /// people.
    /// A reader of the stream that stalls costs log lines, never the process.
    /// </summary>
    public static ILoggingBuilder AddIskraLogging(this ILoggingBuilder logging, string format)
    {
        bool json = string.Equals(format, "json", StringComparison.OrdinalIgnoreCase);
        logging.AddConsole(options =>
        {
            options.LogToStandardErrorThreshold = LogLevel.Trace;
            options.FormatterName = json ? JsonLogFormatter.FormatterName : TextLogFormatter.FormatterName;
            options.QueueFullMode = Microsoft.Extensions.Logging.Console.ConsoleLoggerQueueFullMode.DropWrite;
            options.MaxQueueLength = 10_000;
        });
        logging.Services.TryAddSingleton(TimeProvider.System);
        logging.AddConsoleFormatter<JsonLogFormatter, Microsoft.Extensions.Logging.Console.ConsoleFormatterOptions>();
        logging.AddConsoleFormatter<TextLogFormatter, Microsoft.Extensions.Logging.Console.ConsoleFormatterOptions>();
        return logging;
    }
}
