using Microsoft.Extensions.Logging;

namespace Iskra.Platform.Telemetry;

/// <summary>Event ids 1300 to 1399.</summary>
internal static partial class Log
{
    [LoggerMessage(1300, LogLevel.Warning, "An observable instrument failed to report its value.")]
    public static partial void ObservationFailed(this ILogger log, Exception exception);

    [LoggerMessage(
        1301, LogLevel.Warning, "Instrument {Instrument} of meter {Meter} is not collected: over the limit, or its name is taken.")]
    public static partial void InstrumentDropped(this ILogger log, string meter, string instrument);

    [LoggerMessage(1302, LogLevel.Information, "Metrics and traces are sent by OTLP to {Host}.")]
    public static partial void OtlpStarted(this ILogger log, string host);

    [LoggerMessage(1303, LogLevel.Warning,
        "The OTLP export fails ({Failure}), {Failures} failures so far. What it could not send is lost.")]
    public static partial void OtlpFailed(this ILogger log, string failure, long failures);
}
