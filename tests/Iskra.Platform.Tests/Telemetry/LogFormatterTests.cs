using System.Diagnostics;
using System.Text.Json;
using Iskra.Platform.Telemetry;
using Iskra.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Iskra.Platform.Tests.Telemetry;

public sealed class LogFormatterTests
{
    [Fact]
    public void Write_Json_IsOneLineWithTraceAndFields()
    {
        using Activity activity = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        string line = Write(new JsonLogFormatter(new TestTimeProvider()), new InvalidOperationException("two\nlines"));

        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
        JsonElement root = JsonDocument.Parse(line).RootElement;
        Assert.Equal("2026-01-01T00:00:00Z", root.GetProperty("timestamp").GetString());
        Assert.Equal("warning", root.GetProperty("level").GetString());
        Assert.Equal(1234, root.GetProperty("eventId").GetInt32());
        Assert.Equal("row 7\nof file", root.GetProperty("message").GetString());
        Assert.Equal(7, root.GetProperty("fields").GetProperty("Row").GetInt32());
        Assert.Equal(activity.TraceId.ToHexString(), root.GetProperty("traceId").GetString());
        Assert.Contains("two\nlines", root.GetProperty("exception").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_TextWithALineBreakInAValue_StaysOneLine()
    {
        string line = Write(new TextLogFormatter(new TestTimeProvider()), null);
        Assert.StartsWith("2026-01-01T00:00:00.000Z warn row 7\\nof file (Cat 1234", line, StringComparison.Ordinal);
        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
    }

    private static string Write(Microsoft.Extensions.Logging.Console.ConsoleFormatter formatter, Exception? exception)
    {
        KeyValuePair<string, object?>[] state = [new("Row", 7), new("{OriginalFormat}", "row {Row}")];
        LogEntry<KeyValuePair<string, object?>[]> entry =
            new(LogLevel.Warning, "Cat", new EventId(1234, "RowRead"), state, exception, (_, _) => "row 7\nof file");
        using StringWriter writer = new();
        formatter.Write(entry, null, writer);
        return writer.ToString();
    }
}
