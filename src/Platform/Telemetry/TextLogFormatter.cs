using System.Diagnostics;
using System.Globalization;
using Iskra.Platform.Telemetry.Scrubbing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Iskra.Platform.Telemetry;

/// <summary>One line per entry for people: instant, level, message, trace id; an exception follows on lines of its own.</summary>
internal sealed class TextLogFormatter : ConsoleFormatter
{
    public const string FormatterName = "iskra-text";

    private readonly TimeProvider _time;

    public TextLogFormatter(TimeProvider time)
        : base(FormatterName) => _time = time;

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        string message = Scrubber.Scrub(logEntry.Formatter?.Invoke(logEntry.State, logEntry.Exception)) ?? "";
        textWriter.Write(_time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z' ", CultureInfo.InvariantCulture));
        textWriter.Write(MarkOf(logEntry.LogLevel));
        textWriter.Write(' ');

        // A line break in a value must not look like an entry of its own.
        textWriter.Write(message.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal));
        textWriter.Write(" (");
        textWriter.Write(logEntry.Category);
        textWriter.Write(' ');
        textWriter.Write(logEntry.EventId.Id.ToString(CultureInfo.InvariantCulture));
        if (Activity.Current is { } activity)
        {
            textWriter.Write(" trace ");
            textWriter.Write(activity.TraceId.ToHexString());
        }

        textWriter.Write(")\n");
        if (logEntry.Exception is { } exception)
        {
            textWriter.Write(Scrubber.Scrub(exception.ToString()));
            textWriter.Write('\n');
        }
    }

    private static string MarkOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}
